package io.ketju.cluster.node;

import java.util.List;
import java.util.Optional;

/**
 * Who has started worker processes for a run, and starts others in place of those that end. The run ends or goes on as soon as one of
 * them does.
 */
public interface WorkerLauncher {
    /** For workers that are nobody's children here. */
    WorkerLauncher NONE = new WorkerLauncher() {
        @Override
        public List<Process> processes() {
            return List.of();
        }

        @Override
        public Process replace(Process gone) {
            throw new IllegalArgumentException("process " + gone.pid() + " was not started here");
        }
    };

    /** {@return all that were ever started, in the order of starting, those that have ended included} */
    List<Process> processes();

    /**
     * Names a worker for people.
     *
     * @param number of one of {@link #processes}, from 1
     * @return what a person calls it
     */
    default String name(int number) {
        return "worker " + number + " (process " + processes().get(number - 1).pid() + ")";
    }

    /**
     * Starts one worker more like the others. Any thread may ask.
     *
     * @return its process; empty if none can be started, as by default
     */
    default Optional<Process> more() {
        return Optional.empty();
    }

    /**
     * Starts another worker like the others in place of one, which is made to end if it has not. Any thread may ask.
     *
     * @param gone one of {@link #processes}
     * @return the process that has its place
     */
    Process replace(Process gone);
}
