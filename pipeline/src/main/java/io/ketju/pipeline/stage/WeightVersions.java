package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.schedule.Overlap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The versions of a stage's weights that overlapping windows run on. The newest is the live one. Before an update that a
 * later forward or backward still has to be spared from, it is copied to a slot; the slot is free again when no window needs
 * its version any more. Not thread-safe.
 */
final class WeightVersions implements StageVersions {
    private static final long NONE = -1;

    private final Overlap overlap;
    private final int rank;
    private final WeightPlace live;
    private final List<VersionSlot> slots = new ArrayList<>();
    /** By slot, the version in it; {@link #NONE} for a free one. */
    private final List<Long> held = new ArrayList<>();

    private final StretchClock clock;
    /** By window of the stretch, the version that is pinned until its update. */
    private final Map<Long, Long> pins = new HashMap<>();
    /** Windows of the stretch of which a forward has run. */
    private long forwarded;
    /** Whether the last window of the stretch is among them. */
    private boolean lastForwarded;

    /** @param packs whether weights are packed for many micro-batches */
    WeightVersions(Overlap overlap, int rank, List<Node> nodes, ParameterBlock parameters, boolean packs) {
        this.overlap = overlap;
        this.rank = rank;
        live = WeightPlace.live(parameters::weights);
        for (int i = 1; i < overlap.versions(rank); i++) {
            slots.add(new VersionSlot(i, nodes, parameters, packs));
            held.add(NONE);
        }
        clock = new StretchClock(overlap, rank);
    }

    /** A micro-batch that is not learnt from runs on the newest version. */
    @Override
    public void forward(Window window, BoundProgram program, long updates) {
        if (window.phase() != Window.Phase.TRAIN) {
            program.use(live);
            return;
        }
        long index = clock.begin(window);
        forwarded = Math.max(forwarded, index + 1);
        lastForwarded |= window.drains();
        long version = overlap.forwardVersion(rank, index);
        pins.put(index, version);
        clock.forward(window, use(version, program));
    }

    @Override
    public void recompute(Window window, BoundProgram program) {
        use(overlap.forwardVersion(rank, clock.index(window)), program);
    }

    @Override
    public void backward(Window window, BoundProgram program) {
        clock.backward(window, use(overlap.backwardVersion(rank, clock.index(window)), program));
    }

    /** Has a program run on a version; returns which it is. */
    private long use(long version, BoundProgram program) {
        program.use(
                version == clock.newest() ? live : slots.get(slotOf(version)).place());
        return version == clock.newest() ? version : held.get(slotOf(version));
    }

    private int slotOf(long version) {
        int slot = held.indexOf(version);
        if (slot < 0) {
            throw new IllegalStateException("stage " + rank + ": version " + version
                    + " of the weights is not kept; the newest is " + clock.newest() + ", kept are " + held);
        }
        return slot;
    }

    @Override
    public void beforeUpdate(Window window) {
        pins.remove(clock.index(window));
        for (int i = 0; i < slots.size(); i++) {
            if (held.get(i) != NONE && !needed(held.get(i))) {
                held.set(i, NONE);
            }
        }
        if (overlap.weights() == Overlap.Weights.STASHED && needed(clock.newest())) {
            int free = slotOf(NONE);
            slots.get(free).copyLive();
            held.set(free, clock.newest());
        }
    }

    /** Whether a window in flight runs on a version, or one that is still to begin. */
    private boolean needed(long version) {
        return pins.containsValue(version) || (!lastForwarded && overlap.forwardVersion(rank, forwarded) <= version);
    }

    @Override
    public void afterUpdate(Window window) {
        if (clock.updated(window)) {
            if (!pins.isEmpty() || held.stream().anyMatch(version -> version != NONE)) {
                throw new IllegalStateException("stage " + rank + ": a stretch ends, but versions " + held
                        + " of the weights are kept for windows " + pins.keySet());
            }
            forwarded = 0;
            lastForwarded = false;
        }
    }

    @Override
    public List<Long> staleness() {
        return clock.staleness();
    }

    @Override
    public long heldBytes() {
        return slots.stream().mapToLong(VersionSlot::heldBytes).sum();
    }

    @Override
    public void close() {
        slots.forEach(VersionSlot::close);
    }

    /** Versions kept now, the newest among them. */
    int kept() {
        return 1 + (int) held.stream().filter(version -> version != NONE).count();
    }
}
