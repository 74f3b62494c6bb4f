package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.schedule.ScheduleValidator.Purpose;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleValidatorTest {
    private static final List<Action.Kind> KINDS = List.of(Action.Kind.values());

    /** Those that come once in a mini-batch. */
    private static final Set<Action.Kind> OF_BATCH =
            EnumSet.of(Action.Kind.G, Action.Kind.N, Action.Kind.S, Action.Kind.V);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0F0 0B0 0F0 0S               | stage 0: 0F0 stands twice",
                "0F0 0S 0B0                   | stage 0: 0S is not the last action",
                "0F0 0B0                      | stage 0: 0S is missing",
                "0F0 0B0 0S 0S                | stage 0: 0S stands twice",
                "0B0 0F0 0S                   | stage 0: 0B0 comes before 0F0",
                "0F1 0B1 0S                   | stage 0: 0F0 is missing",
                "0F0 0F1 0B1 0S               | stage 0: 0B0 is missing",
                "0F0 0F1 0B1 0B0 0S           | weight gradients fold in micro-batch order",
                "0F0 0I0 0S                   | stage 0: 0W0 is missing",
                "0F0 0W0 0I0 0S               | stage 0: 0W0 comes before 0I0",
                "0F0 0W0 0S                   | stage 0: 0I0 is missing",
                "0F0 0B0 0I0 0W0 0S           | stage 0: 0B0 stands beside 0I0: the backward ran twice",
                "0F0 0F1 0I0 0I1 0W1 0W0 0S   | stage 0: 0W0 comes after micro-batch 1",
                "0F0 0B0 0S 1F0 1B0 1S        | stage 1: 1F0 comes after 0S; the steps of a rank are its last actions",
                "0F0 1F0 1B0 0B0 1S 0S        | stage 0: 0S comes after 1S; the steps of a rank ascend by stage",
                "0F0 0F1 0B0 0N 0B1 0S        | stage 0: 0B1 comes after 0N; after sums a rank has steps only",
                "0F0 1F0 1B0 1N 0B0 0N 0S 1S  | stage 0: 0B0 comes after 1N; after sums a rank has steps only",
                "0F0 1F0 1B0 0B0 0N 0S 1N 1S  | stage 1: 1N comes after 0S; the steps of a rank are its last actions",
                "0F0 0B0 0S 0N                | stage 0: 0S is not the last action",
                "0F0 0B0 0N 0N 0S             | stage 0: 0N stands twice",
            })
    void everyRuleNamesStageAndAction(String plan, String line) {
        List<String> violations = ScheduleValidator.violations(SchedulePlan.parse(plan), Purpose.TRAIN);
        assertThat(violations).anySatisfy(violation -> assertThat(violation).contains(line));
    }

    @Test
    void onlyTheMicrobatchesOfAGroupMustBeInOrder() {
        SchedulePlan groupsInTurn = SchedulePlan.parse("0F0 0F1 0F2 0F3 0B2 0B0 0B3 0B1 0S\n");
        assertThat(violations(groupsInTurn, new GradientGroups(2, 4))).isEmpty();
        assertThat(violations(groupsInTurn, new GradientGroups(1, 4))).isNotEmpty();
        assertThat(violations(groupsInTurn, new GradientGroups(3, 4)))
                .as("micro-batches 0 and 1 are one group")
                .isEmpty();
        SchedulePlan split = SchedulePlan.parse("0F0 0F1 0F2 0F3 0I0 0I1 0I2 0I3 0W2 0W1 0W0 0W3 0S\n");
        assertThat(violations(split, new GradientGroups(2, 4)))
                .containsExactly(
                        "stage 0: 0W0 comes after micro-batch 1; weight gradients of a group fold in micro-batch order");
        assertThat(violations(split, new GradientGroups(4, 4))).isEmpty();
    }

    private static List<String> violations(SchedulePlan plan, GradientGroups groups) {
        return ScheduleValidator.violations(plan, Purpose.TRAIN, Integer.MAX_VALUE, groups);
    }

    @Test
    void crossedOrdersAreADeadlock() {
        SchedulePlan plan = SchedulePlan.parse("0F0 0B0 0F1 0B1 0S\n1F0 1F1 1B0 1B1 1S\n");
        assertThat(ScheduleValidator.violations(plan, Purpose.TRAIN))
                .containsExactly("stage 0: 0B0 waits forever for 1B0", "stage 1: 1F1 waits forever for 0F1");
        assertThatThrownBy(() -> ScheduleSimulator.simulate(plan, SimulationCosts.UNIT))
                .hasMessage("the plan does not finish: [0B0, 1F1] wait forever");
    }

    @Test
    void theErrorShowsThePlanAndPointsAtThePlace() {
        SchedulePlan plan = SchedulePlan.parse("0F0 0B0 0S\n1F0 1B0\n");
        assertThatThrownBy(() -> ScheduleValidator.requireLegal(plan, Purpose.TRAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("""
                        illegal schedule:
                        stage 1: 1S is missing
                        rank 0  0F0 0B0 0S
                        rank 1  1F0 1B0  <-- here: 1S
                        """);
    }

    @Test
    void evaluationHasForwardsOnly() {
        SchedulePlan plan = SchedulePlan.parse("0F0 0B0 0S\n");
        assertThat(ScheduleValidator.violations(plan, Purpose.EVALUATE))
                .containsExactly(
                        "stage 0: 0B0 has no place in an evaluation", "stage 0: 0S has no place in an evaluation");
    }

    @Test
    void aStepThatWaitsForTheSumsOfAStuckRankIsNotNamedForIt() {
        SchedulePlan plan = SchedulePlan.parse("0F0 0B0 0F1 0B1 0N 0S\n1F0 1F1 1B0 1B1 1S\n2F0 2F1 2B0 2B1 2N 2S\n");
        assertThat(ScheduleValidator.violations(plan, Purpose.TRAIN))
                .containsExactly(
                        "stage 0: 0B0 waits forever for 1B0",
                        "stage 1: 1F1 waits forever for 0F1",
                        "stage 2: 2F1 waits forever for 1F1");
    }

    /** Changes legal plans at random; whatever the validator lets through must run and fold the same gradients. */
    @Test
    void mutantsAreRejectedOrStillLegal() {
        int rejected = 0;
        int legal = 0;
        for (int seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            int stages = 1 + random.nextInt(4);
            SchedulePlan plan = SchedulePlan.of(RandomOrder.orListed(random, stages), stages, 1 + random.nextInt(5));
            plan = plan.withSums(summing(random, plan));
            plan = random.nextInt(3) == 0 ? plan.withRecomputation(summing(random, plan)) : plan;
            SchedulePlan mutant = mutate(plan, random);
            if (mutant.equals(plan)) {
                continue;
            }
            if (ScheduleValidator.violations(mutant, Purpose.TRAIN).isEmpty()) {
                assertThat(runs(mutant))
                        .as("seed %d:\n%s", seed, mutant.lists())
                        .isTrue();
                legal++;
            } else {
                assertThat(runs(mutant))
                        .as("seed %d:\n%s", seed, mutant.lists())
                        .isFalse();
                rejected++;
            }
        }
        assertThat(rejected).isGreaterThan(1000);
        assertThat(legal).isGreaterThan(50);
    }

    /** The stages that are to have sums: often none. */
    private static Set<Integer> summing(Random random, SchedulePlan plan) {
        Set<Integer> stages = new HashSet<>();
        for (int stage = 0; random.nextBoolean() && stage < plan.stages(); stage++) {
            stages.add(stage);
        }
        return stages;
    }

    @Test
    void fewerMicrobatchesOfALegalPlanAreALegalPlan() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int stages = 1 + random.nextInt(5);
            SchedulePlan plan = SchedulePlan.of(RandomOrder.orListed(random, stages), stages, 1 + random.nextInt(5));
            for (int m = 1; m <= plan.microbatches(); m++) {
                assertThat(ScheduleValidator.violations(plan.restrictedTo(m), Purpose.TRAIN))
                        .as("seed %d, %d of\n%s", seed, m, plan.lists())
                        .isEmpty();
            }
            SchedulePlan forwards = new ForwardOnly().plan(plan.placement(), plan.microbatches());
            assertThat(ScheduleValidator.violations(forwards, Purpose.EVALUATE)).isEmpty();
        }
    }

    @Test
    void actionsOfOtherRanksAreNamed() {
        SchedulePlan plan = new SchedulePlan(
                Placement.oneEach(2),
                Stream.of("0F0 1F0 0B0 0S", "1B0 1S")
                        .map(line ->
                                Stream.of(line.split(" ")).map(Action::parse).toList())
                        .toList());
        assertThat(ScheduleValidator.violations(plan, Purpose.TRAIN))
                .contains("stage 1: 1F0 belongs to rank 1", "stage 1: 1F0 is missing");
        SchedulePlan strange = new SchedulePlan(
                Placement.oneEach(1), List.of(List.of(Action.parse("0F0"), Action.parse("7F0"), Action.step(0))));
        assertThat(ScheduleValidator.violations(strange, Purpose.TRAIN))
                .contains("stage 7: 7F0 belongs to no stage: there are 1");
        assertThatThrownBy(() -> ScheduleValidator.requireLegal(strange, Purpose.TRAIN))
                .hasMessageContaining("rank 0  0F0 7F0 0S  <-- here: 0B0, 7F0");
    }

    /** Whether a backward finds what it reads. */
    private static boolean again(SchedulePlan plan, Action backward, Set<String> facts) {
        return !plan.recomputes(backward.stage())
                || facts.contains("R" + backward.stage() + "," + backward.microbatch());
    }

    private static SchedulePlan mutate(SchedulePlan plan, Random random) {
        List<List<Action>> ranks = new ArrayList<>();
        plan.ranks().forEach(list -> ranks.add(new ArrayList<>(list)));
        List<Action> list = ranks.get(random.nextInt(ranks.size()));
        int i = random.nextInt(list.size());
        Action action = list.get(i);
        int stage = action.stage();
        switch (random.nextInt(6)) {
            case 0 -> list.remove(i);
            case 1 -> list.add(random.nextInt(list.size() + 1), action);
            case 2 -> list.set(i, list.set(random.nextInt(list.size()), action));
            case 3 -> list.set(i, new Action((stage + 1) % plan.stages(), action.kind(), action.microbatch()));
            case 4 -> {
                Action.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                boolean ofBatch = OF_BATCH.contains(kind);
                list.set(i, new Action(stage, kind, ofBatch ? 0 : action.microbatch()));
            }
            default -> {
                // a full backward becomes an input gradient, its weight gradient comes some places later
                if (action.kind() == Action.Kind.B) {
                    list.set(i, new Action(stage, Action.Kind.I, action.microbatch()));
                    int later = i + 1 + random.nextInt(list.size() - i);
                    list.add(later, new Action(stage, Action.Kind.W, action.microbatch()));
                }
            }
        }
        return new SchedulePlan(plan.placement(), ranks);
    }

    /**
     * An independent executor: runs lists on one thread in whatever order is possible and checks at each action what a
     * real stage would check. True if every micro-batch of the first stage's forwards was learnt from once, in order.
     */
    private static boolean runs(SchedulePlan plan) {
        int p = plan.stages();
        int m = plan.microbatches();
        Set<String> facts = new HashSet<>();
        int[] next = new int[plan.ranks().size()];
        int[] folded = new int[p];
        List<Integer> stepped = new ArrayList<>();
        boolean progress = true;
        while (progress) {
            progress = false;
            for (int rank = 0; rank < next.length; rank++) {
                while (next[rank] < plan.ranks().get(rank).size()) {
                    Action a = plan.ranks().get(rank).get(next[rank]);
                    int s = a.stage();
                    String f = "F" + s + "," + a.microbatch();
                    String i = "I" + s + "," + a.microbatch();
                    boolean possible = switch (a.kind()) {
                        case F -> s == 0 || facts.contains("F" + (s - 1) + "," + a.microbatch());
                        case B, I ->
                            facts.contains(f) && (s == p - 1 || facts.contains("I" + (s + 1) + "," + a.microbatch()));
                        case R -> facts.contains(f);
                        case W -> facts.contains(i);
                        case G, N, V -> true;
                        case S -> !summed(plan, s) || allSummed(plan, facts);
                    };
                    if (!possible) {
                        break;
                    }
                    boolean sound = plan.placement().rankOf(s) == rank
                            && switch (a.kind()) {
                                case F -> facts.add(f);
                                case R -> facts.add("R" + s + "," + a.microbatch()) && !facts.contains(i);
                                case I -> facts.add(i) && again(plan, a, facts);
                                case B -> facts.add(i) && again(plan, a, facts) && folded[s]++ == a.microbatch();
                                case W, G, V -> a.kind() == Action.Kind.W && folded[s]++ == a.microbatch();
                                case N -> facts.add("N" + s) && folded[s] == m;
                                case S -> stepped.add(s) && folded[s] == m;
                            };
                    boolean late = (!a.ofBatch() && count(plan, rank, next[rank], Action.Kind.N) > 0)
                            || (a.kind() != Action.Kind.S && count(plan, rank, next[rank], Action.Kind.S) > 0);
                    if (!sound || late) {
                        return false;
                    }
                    next[rank]++;
                    progress = true;
                }
            }
        }
        for (int rank = 0; rank < next.length; rank++) {
            int own = rank;
            List<Integer> steps = stepped.stream()
                    .filter(s -> plan.placement().rankOf(s) == own)
                    .toList();
            if (next[rank] < plan.ranks().get(rank).size()
                    || !steps.equals(plan.placement().stagesOf(rank))) {
                return false;
            }
        }
        return true;
    }

    /** Sums or steps among a rank's first so many actions. */
    private static long count(SchedulePlan plan, int rank, int first, Action.Kind kind) {
        return plan.ranks().get(rank).stream()
                .limit(first)
                .filter(action -> action.kind() == kind)
                .count();
    }

    private static boolean summed(SchedulePlan plan, int stage) {
        return plan.ranks().stream().anyMatch(list -> list.contains(Action.sums(stage)));
    }

    private static boolean allSummed(SchedulePlan plan, Set<String> facts) {
        return plan.ranks().stream()
                .flatMap(List::stream)
                .filter(action -> action.kind() == Action.Kind.N)
                .allMatch(action -> facts.contains("N" + action.stage()));
    }
}
