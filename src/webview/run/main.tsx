import '../ui/lens.css';
import 'uplot/dist/uPlot.min.css';
import './run.css';
import { startPage } from '../ui/start-page.ts';
import { startRunPage } from './page.tsx';

startPage(startRunPage);
