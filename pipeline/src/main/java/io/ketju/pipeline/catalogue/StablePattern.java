package io.ketju.pipeline.catalogue;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A schedule out of the order of one micro-batch, repeated every six slots, two stages on each rank, there and back (Qi et al.,
 * "Pipeline Parallelism with Controllable Memory", NeurIPS 2024, sections 3 and 4): how long a micro-batch is on a rank
 * decides how many are there at once. Weight gradients fill free slots. Then the warm-up and the cool-down, where slots stay
 * free, are pulled together as far as the pattern's peak of activations allows.
 *
 * <p>A slot is an action of one unit: forwards, input gradients and weight gradients count as equally long. Not thread-safe.
 */
final class StablePattern {
    private static final int PERIOD = 6;
    private static final List<Lane> LANES =
            List.of(Lane.FORWARD_THERE, Lane.FORWARD_BACK, Lane.INPUT_BACK, Lane.INPUT_THERE);

    /** The parts of a pattern; only the steady one is repeated as it is. */
    private enum Phase {
        WARM_UP,
        STEADY,
        COOL_DOWN
    }

    /** One action in its slot. */
    private record Cell(int slot, int rank, Lane lane, int microbatch) {
        static final Comparator<Cell> ORDER =
                Comparator.comparingInt(Cell::slot).thenComparingInt(Cell::rank).thenComparing(Cell::lane);
    }

    private final int microbatches;
    private List<SlotRow> rows;

    /** @param first by rank, the slots of the first micro-batch: forward there and back, input gradient back and there */
    private StablePattern(int ranks, int microbatches, IntFunction<List<Integer>> first) {
        this.microbatches = microbatches;
        this.rows = emptyRows(ranks);
        for (int rank = 0; rank < ranks; rank++) {
            List<Integer> slots = first.apply(rank);
            for (int i = 0; i < slots.size(); i++) {
                for (int m = 0; m < microbatches; m++) {
                    rows.get(rank).put(LANES.get(i), m, slots.get(i) + PERIOD * m);
                }
            }
        }
    }

    /** The plan of so many micro-batches. */
    static SchedulePlan plan(Placement placement, int microbatches, IntFunction<List<Integer>> first) {
        StablePattern pattern = new StablePattern(placement.ranks(), microbatches, first);
        pattern.rows.forEach(SlotRow::fillWeights);
        pattern.pullTogether(EnumSet.of(Phase.WARM_UP, Phase.COOL_DOWN));
        pattern.squeeze();
        // What weight gradients stood in the way of comes first; they fill what is left.
        pattern.rows.forEach(SlotRow::dropWeights);
        pattern.pullTogether(EnumSet.of(Phase.COOL_DOWN));
        pattern.rows.forEach(SlotRow::fillWeights);
        pattern.squeeze();
        return pattern.written(placement);
    }

    /** Most activations at once on any rank. */
    private int peak() {
        return rows.stream().mapToInt(SlotRow::peak).max().orElse(0);
    }

    /** Moves what is in some phases to the first free slots in which it is possible and takes no more room. */
    private void pullTogether(Set<Phase> phases) {
        int peak = peak();
        Phase phase = Phase.WARM_UP;
        for (Cell cell : cells()) {
            if (phase == Phase.WARM_UP && cell.rank() == 0 && cell.lane() == Lane.INPUT_THERE) {
                phase = Phase.STEADY;
            }
            if (phases.contains(phase)) {
                pull(cell, peak);
            }
            if (phase == Phase.STEADY && cell.lane() == Lane.FORWARD_THERE && cell.microbatch() == microbatches - 1) {
                phase = Phase.COOL_DOWN;
            }
        }
    }

    private void pull(Cell cell, int peak) {
        SlotRow row = rows.get(cell.rank());
        for (int slot = ready(rows, cell); slot < cell.slot(); slot++) {
            if (row.isFree(slot)) {
                row.move(cell.lane(), cell.microbatch(), slot);
                if (row.peak() <= peak) {
                    return;
                }
                row.move(cell.lane(), cell.microbatch(), cell.slot());
            }
        }
    }

    /** Everything as early as its rank's order allows. */
    private void squeeze() {
        List<SlotRow> squeezed = emptyRows(rows.size());
        int[] free = new int[rows.size()];
        for (Cell cell : cells()) {
            int slot = Math.max(free[cell.rank()], ready(squeezed, cell));
            squeezed.get(cell.rank()).put(cell.lane(), cell.microbatch(), slot);
            free[cell.rank()] = slot + 1;
        }
        rows = squeezed;
    }

    /** The first slot in which what an action waits for is over: on a neighbour, on its own rank, and its micro-batch before. */
    private static int ready(List<SlotRow> rows, Cell cell) {
        Lane lane = cell.lane();
        int m = cell.microbatch();
        SlotRow own = rows.get(cell.rank());
        int last = m == 0 ? -1 : own.slot(lane, m - 1);
        if (lane != Lane.FORWARD_THERE) {
            last = Math.max(last, own.slot(lane.before(), m));
        }
        int neighbour = cell.rank() + (lane.fromBefore() ? -1 : 1);
        boolean alone = lane.kind() == Kind.W || neighbour < 0 || neighbour == rows.size();
        return 1 + (alone ? last : Math.max(last, rows.get(neighbour).slot(lane, m)));
    }

    /** All actions in the order of their slots. */
    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (int rank = 0; rank < rows.size(); rank++) {
            SlotRow row = rows.get(rank);
            for (Lane lane : row.lanes()) {
                for (int m = 0; m < microbatches; m++) {
                    cells.add(new Cell(row.slot(lane, m), rank, lane, m));
                }
            }
        }
        cells.sort(Cell.ORDER);
        return cells;
    }

    private SchedulePlan written(Placement placement) {
        List<List<Action>> lists = new ArrayList<>();
        for (int rank = 0; rank < rows.size(); rank++) {
            RankList list = new RankList();
            for (Lane lane : rows.get(rank).order()) {
                int stage = lane.there() ? rank : placement.stages() - 1 - rank;
                switch (lane.kind()) {
                    case F -> list.forward(stage);
                    case I -> list.inputGradient(stage);
                    default -> list.weightGradient(stage);
                }
            }
            lists.add(list.finished(placement.stagesOf(rank)));
        }
        return new SchedulePlan(placement, lists);
    }

    private List<SlotRow> emptyRows(int ranks) {
        return IntStream.range(0, ranks)
                .mapToObj(rank -> new SlotRow(microbatches))
                .toList();
    }
}
