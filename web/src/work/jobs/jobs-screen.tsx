// The list of jobs, or one of them.

import { JobScreen } from "./job-screen.tsx";
import { JobList } from "./list.tsx";

export function JobsScreen({ rest }: { readonly rest: string }) {
	return rest ? <JobScreen key={rest} id={rest} /> : <JobList />;
}
