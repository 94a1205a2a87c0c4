import { render } from 'preact';
import { DashboardPage } from './DashboardPage.tsx';

const place = document.getElementById('dashboard');
if (place) render(<DashboardPage />, place);
