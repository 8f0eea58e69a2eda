import '../ui/lens.css';
import './inspector.css';
import './diff.css';
import { startPage } from '../ui/start-page.ts';
import { startInspector } from './page.tsx';

startPage(startInspector);
