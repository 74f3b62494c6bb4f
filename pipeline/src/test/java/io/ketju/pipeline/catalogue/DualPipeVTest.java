package io.ketju.pipeline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of DualPipeV, and what its makespan becomes where pairs wait for each other or the last backwards are split elsewhere. */
class DualPipeVTest {
    private static final StageCosts HALVES = new StageCosts(0.5, 1, 0.5, 0.5, 0);

    @ParameterizedTest
    @CsvSource({"4, 8", "8, 16"})
    void theOrderIsPyTorchs(int ranks, int microbatches) throws IOException, URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(
                        DualPipeVTest.class.getResource("/pytorch/dualpipev-p" + ranks + "-m" + microbatches + ".txt"))
                .toURI());
        List<String> theirs = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        List<String> ours = plan(ranks, microbatches).ranks().stream()
                .map(list -> String.join(
                        " ",
                        list.stream()
                                .filter(action -> action.kind() != Kind.S)
                                .map(Action::toString)
                                .toList()))
                .toList();
        assertThat(ours).isEqualTo(theirs);
    }

    /** A forward and the backward behind it begin together, when both their inputs are there, and end one after the other. */
    @ParameterizedTest
    @CsvSource({"4, 8, 25.5, 27", "8, 16, 51.5, 55"})
    void pairsThatWaitForBothInputsTakeLonger(int ranks, int microbatches, double apart, double together) {
        List<List<Action>> lists = plan(ranks, microbatches).ranks();
        assertThat(makespan(lists, false)).isEqualTo(apart);
        assertThat(makespan(lists, true)).isEqualTo(together);
    }

    /** On every rank from the backward of its second stage on, where the authors' even ranks begin one action later. */
    @ParameterizedTest
    @CsvSource({"4, 8, 26, 27", "8, 16, 52, 55"})
    void backwardsThatAreSplitOneActionEarlierTakeLonger(int ranks, int microbatches, double apart, double together) {
        Placement placement = new DualPipeV().placement(2 * ranks);
        List<List<Action>> lists = new ArrayList<>(plan(ranks, microbatches).ranks());
        for (int rank = 0; rank < ranks; rank += 2) {
            lists.set(rank, splitOneEarlier(lists.get(rank), placement.stages() - 1 - rank));
        }
        SchedulePlan changed = new SchedulePlan(placement, lists);
        assertThat(ScheduleSimulator.simulate(changed, SimulationCosts.uniform(HALVES))
                        .makespan())
                .isEqualTo(apart);
        assertThat(makespan(lists, true)).isEqualTo(together);
    }

    private static SchedulePlan plan(int ranks, int microbatches) {
        return SchedulePlan.of(new DualPipeV(), 2 * ranks, microbatches);
    }

    /** The last whole backward of a stage in two parts; weight gradients keep their places and come in the order of the first parts. */
    private static List<Action> splitOneEarlier(List<Action> list, int stage) {
        Action whole = list.stream()
                .filter(action -> action.kind() == Kind.B && action.stage() == stage)
                .reduce((first, second) -> second)
                .orElseThrow();
        int from = list.indexOf(whole);
        List<Action> changed = new ArrayList<>(list.subList(0, from));
        changed.add(new Action(stage, Kind.I, whole.microbatch()));
        Action owed = new Action(stage, Kind.W, whole.microbatch());
        for (Action action : list.subList(from + 1, list.size())) {
            if (action.kind() == Kind.S && owed.kind() == Kind.W) {
                changed.add(owed);
                owed = action;
            }
            changed.add(action.kind() == Kind.W ? owed : action);
            owed = action.kind() == Kind.W ? action : owed;
        }
        return changed;
    }

    private static double makespan(List<List<Action>> lists, boolean pairsWait) {
        Map<Action, Double> ended = new HashMap<>();
        double[] free = new double[lists.size()];
        int[] next = new int[lists.size()];
        boolean progress = true;
        while (progress) {
            progress = false;
            for (int rank = 0; rank < free.length; rank++) {
                while (next[rank] < lists.get(rank).size()) {
                    List<Action> together = unit(lists, rank, next[rank], pairsWait);
                    List<OptionalDouble> ready = together.stream()
                            .map(action -> ready(action, 2 * free.length, ended))
                            .toList();
                    if (ready.stream().anyMatch(OptionalDouble::isEmpty)) {
                        break;
                    }
                    for (OptionalDouble time : ready) {
                        free[rank] = Math.max(free[rank], time.orElseThrow());
                    }
                    for (Action action : together) {
                        free[rank] += SimulationCosts.uniform(HALVES).of(action);
                        ended.put(action, free[rank]);
                    }
                    next[rank] += together.size();
                    progress = true;
                }
            }
        }
        assertThat(next).containsExactly(lists.stream().mapToInt(List::size).toArray());
        return Arrays.stream(free).max().orElseThrow();
    }

    /** A forward and the backward behind it are a pair, but on the last rank the first two. */
    private static List<Action> unit(List<List<Action>> lists, int rank, int index, boolean pairsWait) {
        List<Action> list = lists.get(rank);
        boolean pair = pairsWait
                && list.get(index).kind() == Kind.F
                && list.get(index + 1).kind() == Kind.B;
        boolean first = list.subList(0, index).stream().noneMatch(action -> action.kind() == Kind.B);
        return pair && !(first && rank == lists.size() - 1)
                ? list.subList(index, index + 2)
                : list.subList(index, index + 1);
    }

    private static OptionalDouble ready(Action action, int stages, Map<Action, Double> ended) {
        int stage = action.stage();
        int m = action.microbatch();
        List<Action> awaited = switch (action.kind()) {
            case F -> stage == 0 ? List.of() : List.of(new Action(stage - 1, Kind.F, m));
            case B, I ->
                stage == stages - 1
                        ? List.of(new Action(stage, Kind.F, m))
                        : List.of(new Action(stage + 1, Kind.B, m), new Action(stage + 1, Kind.I, m));
            case W -> List.of(new Action(stage, Kind.I, m));
            default -> List.of();
        };
        if (awaited.isEmpty()) {
            return OptionalDouble.of(0);
        }
        return awaited.stream()
                .filter(ended::containsKey)
                .mapToDouble(each -> Objects.requireNonNull(ended.get(each)))
                .findFirst();
    }
}
