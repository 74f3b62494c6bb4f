package io.ketju.cluster.node;

import io.ketju.actors.message.WorkerCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Which workers a run may be given: those that the cluster lists, without such as are about to go or were lost a moment ago. Membership is slower
 * than a broken connection: for a while it lists workers that are dead. Pure: time comes from outside.
 */
final class WorkerRoster {
    /**
     * How long a lost worker is passed over. By then membership has either missed it and lists it no more, or has heard of it: then it
     * is alive, and as good as any.
     */
    static final Duration SUSPICION = Duration.ofSeconds(15);

    private final Map<ActorRef<WorkerCommand>, Long> lostAt = new HashMap<>();
    private final Set<ActorRef<WorkerCommand>> leaving = new HashSet<>();
    private List<ActorRef<WorkerCommand>> listed = List.of();

    /** What the cluster lists now. */
    void listed(Iterable<ActorRef<WorkerCommand>> workers) {
        List<ActorRef<WorkerCommand>> sorted = new ArrayList<>();
        workers.forEach(sorted::add);
        sorted.sort(Comparator.comparing(worker -> worker.path().toString()));
        listed = List.copyOf(sorted);
        lostAt.keySet().retainAll(listed);
    }

    /** A worker was lost; one that is not listed is not given anyway. */
    void lost(ActorRef<WorkerCommand> worker, long nanos) {
        if (listed.contains(worker)) {
            lostAt.put(worker, nanos);
        }
    }

    /** A worker is about to go: it is given no more, whether it is still listed or not. */
    void leaves(ActorRef<WorkerCommand> worker) {
        leaving.add(worker);
    }

    /** Whether a worker has said that it is about to go. */
    boolean isLeaving(ActorRef<WorkerCommand> worker) {
        return leaving.contains(worker);
    }

    List<ActorRef<WorkerCommand>> listed() {
        return listed;
    }

    /** Those that a run may be given now. */
    List<ActorRef<WorkerCommand>> trusted(long nanos) {
        return listed.stream()
                .filter(worker -> !leaving.contains(worker))
                .filter(worker -> !lostAt.containsKey(worker) || nanos - lostAt.get(worker) >= SUSPICION.toNanos())
                .toList();
    }
}
