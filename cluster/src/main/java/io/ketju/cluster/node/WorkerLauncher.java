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

    /** All that were ever started, in the order of starting. */
    List<Process> processes();

    /**
     * What a person calls a worker: by its number, from 1.
     *
     * @param number of one of {@link #processes}
     */
    default String name(int number) {
        return "worker " + number + " (process " + processes().get(number - 1).pid() + ")";
    }

    /** Starts one worker more like the others, if this can. Any thread may ask. */
    default Optional<Process> more() {
        return Optional.empty();
    }

    /** Starts another worker like the others in place of this one, which is made to end if it has not. Any thread may ask. */
    Process replace(Process gone);
}
