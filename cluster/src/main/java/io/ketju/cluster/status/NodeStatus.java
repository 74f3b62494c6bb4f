package io.ketju.cluster.status;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node says of itself. Everything but numbers comes from another process, and may hold anything.
 *
 * @param address where it is reached: {@code host:port}
 * @param role worker, coordinator or standby
 * @param version of Ketju
 * @param controlVersion of the control messages: nodes of different ones form no cluster
 * @param threads that compute; 0 where none do
 * @param since when it was started
 * @param members of its cluster, as far as it knows; empty: it has not joined one
 * @param held the run whose stages a worker holds
 * @param directed the run that a coordinator directs, or a standby is to
 * @param leaving whether it is a worker that is about to go, and takes no stages any more
 */
public record NodeStatus(
        String address,
        String role,
        String version,
        int controlVersion,
        int threads,
        Instant since,
        List<Member> members,
        Optional<Held> held,
        Optional<Directed> directed,
        boolean leaving) {
    /** Copies the list. */
    public NodeStatus {
        members = List.copyOf(members);
    }

    /**
     * A node of the cluster.
     *
     * @param address where it is reached: {@code host:port}
     * @param role worker, coordinator or standby
     * @param state of its membership, as Pekko calls it in small letters: joining, up, leaving ...
     * @param reachable whether its heartbeats are heard
     */
    public record Member(String address, String role, String state, boolean reachable) {}

    /**
     * Stages that a worker holds.
     *
     * @param run what a person calls the run
     * @param director where its coordinator is reached; empty: unknown
     * @param stages ascending
     * @param of stages of the whole run
     * @param connected whether they are connected to all their neighbours
     */
    public record Held(String run, String director, List<Integer> stages, int of, boolean connected) {
        /** Copies the list. */
        public Held {
            stages = List.copyOf(stages);
        }
    }

    /**
     * A run that a coordinator directs.
     *
     * @param job the job's name
     * @param folder where the run is kept, on the coordinator's machine; empty: nowhere
     * @param state what it does, in a few words
     * @param epoch the one that it is in, from 1; 0: none yet
     * @param epochs of the job
     * @param step the last that was taken; 0: none yet
     * @param steps of the job
     * @param stages of the job
     * @param restarts how often it has gone on by itself after a loss
     */
    public record Directed(
            String job,
            String folder,
            String state,
            int epoch,
            int epochs,
            long step,
            long steps,
            int stages,
            int restarts) {}
}
