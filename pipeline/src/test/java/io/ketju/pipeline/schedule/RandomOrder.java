package io.ketju.pipeline.schedule;

import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A legal plan drawn at random: each rank takes any action of any of its stages that is possible, forwards in order,
 * backwards whole or in two parts. Equal seeds give equal plans.
 *
 * @param ranks how stages are placed
 */
public record RandomOrder(Ranks ranks, long seed) implements Schedule {
    /** Placements of any number of stages. */
    public enum Ranks {
        /** A rank for each stage. */
        ONE_EACH,
        /** Half as many ranks, round and round. */
        LOOPED,
        /** Half as many ranks, there and back. */
        VEE
    }

    /** Half of the draws a random order, with one stage on each rank or several; else one of the listed schedules. */
    public static Schedule orListed(Random random, int stages) {
        List<Schedule> listed = Schedules.placing(stages);
        return random.nextBoolean()
                ? listed.get(random.nextInt(listed.size()))
                : new RandomOrder(List.of(Ranks.values()).get(random.nextInt(3)), random.nextLong());
    }

    /** What is done and what is left, over all ranks. */
    private static final class Draw {
        private final Placement placement;
        private final Random random;
        private final boolean[] split;
        private final Placement oneEach;
        private final List<Action> left = new ArrayList<>();
        private final Set<Action> done = new HashSet<>();
        private final int[] folded;
        private final List<List<Action>> lists = new ArrayList<>();

        Draw(Placement placement, int microbatches, long seed) {
            this.placement = placement;
            this.random = new Random(seed);
            this.split = new boolean[placement.stages()];
            this.folded = new int[placement.stages()];
            this.oneEach = Placement.oneEach(placement.stages());
            for (int stage = 0; stage < split.length; stage++) {
                split[stage] = random.nextBoolean();
                for (int m = 0; m < microbatches; m++) {
                    for (Kind kind : split[stage] ? List.of(Kind.F, Kind.I, Kind.W) : List.of(Kind.F, Kind.B)) {
                        left.add(new Action(stage, kind, m));
                    }
                }
            }
            for (int rank = 0; rank < placement.ranks(); rank++) {
                lists.add(new ArrayList<>());
            }
        }

        SchedulePlan plan() {
            for (List<Action> possible = possible(); !possible.isEmpty(); possible = possible()) {
                Action action = possible.get(random.nextInt(possible.size()));
                left.remove(action);
                done.add(action);
                folded[action.stage()] += action.kind() == Kind.B || action.kind() == Kind.W ? 1 : 0;
                lists.get(placement.rankOf(action.stage())).add(action);
            }
            for (int stage = 0; stage < split.length; stage++) {
                lists.get(placement.rankOf(stage)).add(Action.step(stage));
            }
            return new SchedulePlan(placement, lists);
        }

        private List<Action> possible() {
            return left.stream().filter(this::possible).toList();
        }

        private boolean possible(Action action) {
            int stage = action.stage();
            boolean folds = action.kind() == Kind.B || action.kind() == Kind.W;
            int forward = action.kind() == Kind.F ? action.microbatch() - 1 : action.microbatch();
            boolean afterForward = forward < 0 || done.contains(new Action(stage, Kind.F, forward));
            if (!afterForward || (folds && folded[stage] != action.microbatch())) {
                return false;
            }
            List<Action> waitsFor = ScheduleDependencies.of(action, oneEach);
            return waitsFor.isEmpty() || waitsFor.stream().anyMatch(done::contains);
        }
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public Placement placement(int stages) {
        int half = (stages + 1) / 2;
        return new Placement(IntStream.range(0, stages)
                .mapToObj(stage -> switch (ranks) {
                    case ONE_EACH -> stage;
                    case LOOPED -> stage % half;
                    case VEE -> Math.min(stage, stages - 1 - stage);
                })
                .toList());
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        return new Draw(placement, microbatches, seed).plan();
    }
}
