package io.ketju.pipeline.catalogue;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The list of a rank in which forwards and backwards take turns. Half the schedules of the field are this with other
 * numbers.
 *
 * @param warmUp forwards before the first backward
 * @param lag how many weight gradients stay behind the input gradients; empty where backwards are whole
 */
record Turns(int warmUp, OptionalInt lag) {
    /** With whole backwards. */
    static Turns whole(int warmUp) {
        return new Turns(warmUp, OptionalInt.empty());
    }

    /** With every backward in two parts. */
    static Turns split(int warmUp, int lag) {
        return new Turns(warmUp, OptionalInt.of(lag));
    }

    /** Most forwards whose activations the rank still holds. */
    int inFlight() {
        return warmUp + 1 + lag.orElse(0);
    }

    /**
     * All ranks in turns, over stages that go round the ranks. As many micro-batches as there are ranks go through one stage
     * of a rank before its next; where the last of such groups would be smaller, the plan is that of whole groups without
     * what is not there.
     */
    static SchedulePlan plan(Placement placement, int microbatches, IntFunction<Turns> ofRank) {
        int ranks = placement.ranks();
        boolean looped = !placement.isOneEach();
        int whole = looped ? Math.ceilDiv(microbatches, ranks) * ranks : microbatches;
        List<List<Action>> lists = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            List<Integer> stages = placement.stagesOf(rank);
            int group = looped ? ranks : 1;
            lists.add(ofRank.apply(rank)
                    .list(stages, order(stages, group, whole), order(stages.reversed(), group, whole)));
        }
        return new SchedulePlan(placement, lists).restrictedTo(microbatches);
    }

    /** The most that any rank holds. */
    static int inFlight(Placement placement, IntFunction<Turns> ofRank) {
        return IntStream.range(0, placement.ranks())
                .map(rank -> ofRank.apply(rank).inFlight())
                .max()
                .orElseThrow();
    }

    /** Of which stage each forward or each backward is. */
    private static List<Integer> order(List<Integer> stages, int group, int microbatches) {
        List<Integer> order = new ArrayList<>();
        for (int first = 0; first < microbatches; first += group) {
            for (int stage : stages) {
                for (int m = 0; m < group; m++) {
                    order.add(stage);
                }
            }
        }
        return order;
    }

    private List<Action> list(List<Integer> stages, List<Integer> forwards, List<Integer> backwards) {
        RankList list = new RankList();
        int first = Math.min(warmUp, forwards.size());
        forwards.subList(0, first).forEach(list::forward);
        for (int i = 0; i < backwards.size(); i++) {
            if (first + i < forwards.size()) {
                list.forward(forwards.get(first + i));
            }
            if (lag.isPresent()) {
                list.inputGradient(backwards.get(i)).weightGradientsBut(lag.getAsInt());
            } else {
                list.backward(backwards.get(i));
            }
        }
        return list.weightGradientsBut(0).finished(stages);
    }
}
