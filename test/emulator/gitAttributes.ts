/** `.gitattributes` of a new repository: files that git-lfs handles, a few of HF's patterns. */
export const gitAttributes = ['*.bin', '*.gguf', '*.onnx', '*.parquet', '*.safetensors', '*.zip']
  .map(pattern => `${pattern} filter=lfs diff=lfs merge=lfs -text\n`)
  .join('');
