package io.ketju.actors.worker;

import java.util.List;

/** What a worker tells whoever runs it, in the order in which it happens. */
public sealed interface WorkerEvent {
    /**
     * It listens, and looks for its cluster.
     *
     * @param address where it is reached: {@code host:port}
     */
    record Listening(String address) implements WorkerEvent {}

    /** It has joined its cluster: runs find it from now on. */
    record Joined() implements WorkerEvent {}

    /**
     * It holds stages of a run.
     *
     * @param run what the run is called; comes from the process that directs it
     * @param stages ascending
     * @param of stages of the whole run
     */
    record Assigned(String run, List<Integer> stages, int of) implements WorkerEvent {
        /** Copies the list. */
        public Assigned {
            stages = List.copyOf(stages);
        }
    }

    /**
     * Its stages are connected to all their neighbours: the run begins when those of all workers are.
     *
     * @param run what it is called
     */
    record Started(String run) implements WorkerEvent {}

    /**
     * It is about to go, and asks the run to take its stages elsewhere.
     *
     * @param run what it is called
     * @param stages that it holds, ascending
     */
    record HandingOver(String run, List<Integer> stages) implements WorkerEvent {
        /** Copies the list. */
        public HandingOver {
            stages = List.copyOf(stages);
        }
    }

    /**
     * It holds nothing of the run any more.
     *
     * @param run what it is called
     * @param reason why the run ended, as its director says, or why its stages could not be placed here
     */
    record Ended(String run, String reason) implements WorkerEvent {}
}
