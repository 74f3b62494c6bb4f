package io.ketju.actors.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.Cause.Reason;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest of what happened to one rank, as numbers in arrays that are made once. What is kept is read when the rank
 * has been released: from the end of its run on, nothing is added.
 */
@SuppressWarnings("EnumOrdinal") // numbers in rings, which never leave the process
public final class RankTrace implements StageTrace {
    /** Actions that are kept, and tensors each way: some 13 MiB. */
    public static final int CAPACITY = 1 << 16;

    /** When the end of an action was heard that still runs. */
    private static final long UNHEARD = Long.MIN_VALUE;

    private static final Reason[] REASONS = Reason.values();
    private static final Action.Kind[] ACTIONS = Action.Kind.values();
    private static final TensorKey.Kind[] TENSORS = TensorKey.Kind.values();
    private static final Window.Phase[] PHASES = Window.Phase.values();

    private final int rank;
    private final List<StagePorts> ports;
    private final long origin;
    /** Window, phase, stage, kind, micro-batch, reason, from, edge, ready, started, ended, heard, sent. */
    private final LongRing actions;
    /** Kind, window, micro-batch, edge, from, to, time; as of those that arrived. */
    private final LongRing sent;

    private final LongRing arrived;

    // What was taken up last.
    private Reason reason = Reason.TURN;
    private int from = Cause.NOBODY;
    private int edge;
    private @Nullable TensorKey taken;
    /** Of the action that runs. */
    private int place;

    private boolean over;

    /** Who hears of each action, on the rank's thread; null if nobody does. */
    private final @Nullable Consumer<TracedAction> listener;

    /**
     * Keeps, and tells nobody.
     *
     * @param rank its number
     * @param ports of the rank's stages
     * @param origin {@link System#nanoTime} when the clock of the trace showed 0
     * @param capacity actions that are kept, and tensors each way; at least 1
     */
    public RankTrace(int rank, List<StagePorts> ports, long origin, int capacity) {
        this(rank, ports, origin, capacity, null);
    }

    /**
     * The same that tells somebody of each action as soon as it has ended.
     *
     * @param rank its number
     * @param ports of the rank's stages
     * @param origin {@link System#nanoTime} when the clock of the trace showed 0
     * @param capacity actions that are kept, and tensors each way; at least 1
     * @param listener returns at once: the rank waits for it; null: nobody is told
     */
    public RankTrace(
            int rank, List<StagePorts> ports, long origin, int capacity, @Nullable Consumer<TracedAction> listener) {
        this.listener = listener;
        this.rank = rank;
        this.ports = List.copyOf(ports);
        this.origin = origin;
        actions = new LongRing(13, capacity);
        sent = new LongRing(7, capacity);
        arrived = new LongRing(7, capacity);
    }

    @Override
    public void takes(StageEvent event) {
        switch (event) {
            case StageEvent.TensorArrived tensor -> takes(tensor.stage(), tensor.key());
            case StageEvent.WindowGranted granted -> because(Reason.WINDOW);
            case StageEvent.SumsAgreed agreed -> because(Reason.SUMS);
            case StageEvent.OutputReleased released -> because(Reason.BUFFER);
            case StageEvent.PredictionReleased released -> because(Reason.BUFFER);
            case StageEvent.ComputeDone done -> because(Reason.TURN);
            case StageEvent.StageStopped stopped -> because(Reason.TURN);
            case StageEvent.Aborted aborted -> over = true;
        }
    }

    private void takes(int stage, TensorKey key) {
        reason = reason(key.kind());
        from = sender(stage, key, true);
        edge = key.edge();
        taken = key;
        tensor(arrived, key, from, stage);
    }

    private static Reason reason(TensorKey.Kind kind) {
        return switch (kind) {
            case FED -> Reason.FED;
            case ACTIVATION -> Reason.ACTIVATION;
            case GRADIENT -> Reason.GRADIENT;
            case TIED_WEIGHT -> Reason.TIED_WEIGHT;
            case TIED_GRADIENT -> Reason.TIED_GRADIENT;
            case GROUP_SUM -> Reason.GROUP_SUM;
            case SHARE_GRADIENT -> Reason.SHARE_GRADIENT;
            case REPLICA_WEIGHT -> Reason.REPLICA_WEIGHT;
            case OUTPUT -> throw new IllegalStateException("outputs of the model come to no stage");
        };
    }

    /** Which replica it is says the window, which may not be granted yet: of those that do not train, it is said later. */
    private int sender(int stage, TensorKey key, boolean trains) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).stage() == stage) {
                return ports.get(i).sender(trains, key);
            }
        }
        return Cause.NOBODY;
    }

    private void because(Reason other) {
        reason = other;
        taken = null;
        from = Cause.NOBODY;
        edge = 0;
    }

    @Override
    public void ready(StageEffect.RunCompute run) {
        if (over) {
            return;
        }
        place = actions.next();
        actions.set(place, 0, run.window().number());
        actions.set(place, 1, run.window().phase().ordinal());
        actions.set(place, 2, run.action().stage());
        actions.set(place, 3, run.action().kind().ordinal());
        actions.set(place, 4, run.action().microbatch());
        actions.set(place, 5, reason.ordinal());
        actions.set(
                place,
                6,
                taken == null || run.window().phase() == Window.Phase.TRAIN
                        ? from
                        : sender(run.action().stage(), taken, false));
        actions.set(place, 7, edge);
        actions.set(place, 8, now());
        actions.set(place, 11, UNHEARD);
    }

    @Override
    public void ended(long started, long ended) {
        if (!over) {
            actions.set(place, 9, started - origin);
            actions.set(place, 10, ended - origin);
            long now = now();
            actions.set(place, 11, now);
            actions.set(place, 12, now);
            if (listener != null) {
                listener.accept(action(place));
            }
        }
    }

    @Override
    public void handedOver() {
        if (!over) {
            actions.set(place, 12, now());
        }
    }

    @Override
    public void sends(StageEffect.SendTensor send, int to) {
        tensor(sent, send.key(), send.from(), to);
    }

    private void tensor(LongRing ring, TensorKey key, int source, int target) {
        if (over) {
            return;
        }
        int tensor = ring.next();
        ring.set(tensor, 0, key.kind().ordinal());
        ring.set(tensor, 1, key.window());
        ring.set(tensor, 2, key.microbatch());
        ring.set(tensor, 3, key.edge());
        ring.set(tensor, 4, source);
        ring.set(tensor, 5, target);
        ring.set(tensor, 6, now());
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    /** {@return the actions that have ended, the oldest first} */
    public List<TracedAction> actions() {
        return actions.toList(this::action).stream()
                .filter(action -> action.heard() != UNHEARD)
                .toList();
    }

    /** {@return the tensors that left, the oldest first} */
    public List<TracedTensor> sent() {
        return sent.toList(record -> tensor(sent, record));
    }

    /** {@return the tensors that came, the oldest first} */
    public List<TracedTensor> arrived() {
        Set<Long> evaluated = actions().stream()
                .filter(action -> action.phase() != Window.Phase.TRAIN)
                .map(TracedAction::window)
                .collect(Collectors.toSet());
        return arrived.toList(record -> tensor(arrived, record)).stream()
                .map(tensor -> evaluated.contains(tensor.window()) ? ofFirstReplica(tensor) : tensor)
                .toList();
    }

    private TracedTensor ofFirstReplica(TracedTensor of) {
        TensorKey key = new TensorKey(0, of.window(), of.kind(), of.microbatch(), of.edge());
        int first = sender(of.to(), key, false);
        return new TracedTensor(of.kind(), of.window(), of.microbatch(), of.edge(), first, of.to(), of.at());
    }

    /** {@return how many records of actions and tensors newer ones have taken the place of} */
    public long dropped() {
        return actions.dropped() + sent.dropped() + arrived.dropped();
    }

    private TracedAction action(int record) {
        return new TracedAction(
                rank,
                actions.get(record, 0),
                PHASES[number(actions, record, 1)],
                new Action(number(actions, record, 2), ACTIONS[number(actions, record, 3)], number(actions, record, 4)),
                new Cause(REASONS[number(actions, record, 5)], number(actions, record, 6), number(actions, record, 7)),
                actions.get(record, 8),
                actions.get(record, 9),
                actions.get(record, 10),
                actions.get(record, 11),
                actions.get(record, 12));
    }

    private static TracedTensor tensor(LongRing ring, int record) {
        return new TracedTensor(
                TENSORS[number(ring, record, 0)],
                ring.get(record, 1),
                number(ring, record, 2),
                number(ring, record, 3),
                number(ring, record, 4),
                number(ring, record, 5),
                ring.get(record, 6));
    }

    private static int number(LongRing ring, int record, int field) {
        return Math.toIntExact(ring.get(record, field));
    }
}
