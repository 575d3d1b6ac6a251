import { serve } from './cli/serve.ts';

serve(process.env);
