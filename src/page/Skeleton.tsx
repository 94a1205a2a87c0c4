const cards = ['credits', 'spend', 'use', 'latency', 'refusals', 'windows', 'endpoints', 'prices'];

/** Empty cards of the final sizes, until the first state arrives. */
export function Skeleton({ notice }: { readonly notice: string }) {
  return (
    <>
      <div class="page-header">
        <div class="bone bone-title" />
      </div>
      <p class="notice" role="status">
        {notice}
      </p>
      <div class="grid">
        {cards.map(id => (
          <div key={id} class={`card card-${id}`}>
            <div class="bone bone-line" />
            <div class="bone bone-summary" />
            <div class="bone bone-chart" />
            <div class="bone bone-line" />
          </div>
        ))}
      </div>
    </>
  );
}
