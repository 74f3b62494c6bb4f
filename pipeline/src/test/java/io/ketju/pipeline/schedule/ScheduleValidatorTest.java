package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.schedule.ScheduleValidator.Purpose;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleValidatorTest {
    private static final List<Action.Kind> KINDS = List.of(Action.Kind.values());

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
                "1F0 0F0 0B0 0S               | stage 0: 1F0 belongs to stage 1",
            })
    void everyRuleNamesStageAndAction(String plan, String line) {
        List<String> violations = ScheduleValidator.violations(SchedulePlan.parse(plan), Purpose.TRAIN);
        assertThat(violations).anySatisfy(violation -> assertThat(violation).contains(line));
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
                        stage 0  0F0 0B0 0S
                        stage 1  1F0 1B0  <-- here: 1S
                        """);
    }

    @Test
    void evaluationHasForwardsOnly() {
        SchedulePlan plan = SchedulePlan.parse("0F0 0B0 0S\n");
        assertThat(ScheduleValidator.violations(plan, Purpose.EVALUATE))
                .containsExactly(
                        "stage 0: 0B0 has no place in an evaluation", "stage 0: 0S has no place in an evaluation");
    }

    /** Changes legal plans at random; whatever the validator lets through must run and fold the same gradients. */
    @Test
    void mutantsAreRejectedOrStillLegal() {
        int rejected = 0;
        int legal = 0;
        for (int seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            Schedule schedule = Schedules.all().get(random.nextInt(2));
            SchedulePlan plan = SchedulePlan.of(schedule, 1 + random.nextInt(4), 1 + random.nextInt(5));
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

    private static SchedulePlan mutate(SchedulePlan plan, Random random) {
        List<List<Action>> stages = new ArrayList<>();
        plan.actions().forEach(list -> stages.add(new ArrayList<>(list)));
        int stage = random.nextInt(stages.size());
        List<Action> list = stages.get(stage);
        int i = random.nextInt(list.size());
        Action action = list.get(i);
        switch (random.nextInt(6)) {
            case 0 -> list.remove(i);
            case 1 -> list.add(random.nextInt(list.size() + 1), action);
            case 2 -> list.set(i, list.set(random.nextInt(list.size()), action));
            case 3 -> list.set(i, new Action((stage + 1) % stages.size(), action.kind(), action.microbatch()));
            case 4 -> list.set(i, new Action(stage, KINDS.get(random.nextInt(5)), action.microbatch()));
            default -> {
                // a full backward becomes an input gradient, its weight gradient comes some places later
                if (action.kind() == Action.Kind.B) {
                    list.set(i, new Action(stage, Action.Kind.I, action.microbatch()));
                    int later = i + 1 + random.nextInt(list.size() - i);
                    list.add(later, new Action(stage, Action.Kind.W, action.microbatch()));
                }
            }
        }
        return new SchedulePlan(stages);
    }

    /**
     * An independent executor: runs lists on one thread in whatever order is possible and checks at each action what a
     * real stage would check. True if every micro-batch of the first stage's forwards was learnt from once, in order.
     */
    private static boolean runs(SchedulePlan plan) {
        int p = plan.stages();
        int m = plan.microbatches();
        Set<String> facts = new HashSet<>();
        int[] next = new int[p];
        int[] folded = new int[p];
        boolean progress = true;
        while (progress) {
            progress = false;
            for (int s = 0; s < p; s++) {
                while (next[s] < plan.actions().get(s).size()) {
                    Action a = plan.actions().get(s).get(next[s]);
                    String f = "F" + s + "," + a.microbatch();
                    String i = "I" + s + "," + a.microbatch();
                    boolean possible = switch (a.kind()) {
                        case F -> s == 0 || facts.contains("F" + (s - 1) + "," + a.microbatch());
                        case B, I ->
                            facts.contains(f) && (s == p - 1 || facts.contains("I" + (s + 1) + "," + a.microbatch()));
                        case W -> facts.contains(i);
                        case S -> true;
                    };
                    if (!possible) {
                        break;
                    }
                    boolean sound = a.stage() == s
                            && switch (a.kind()) {
                                case F -> facts.add(f);
                                case I -> facts.add(i);
                                case B -> facts.add(i) && folded[s]++ == a.microbatch();
                                case W -> folded[s]++ == a.microbatch();
                                case S ->
                                    folded[s] == m
                                            && next[s] == plan.actions().get(s).size() - 1;
                            };
                    if (!sound) {
                        return false;
                    }
                    next[s]++;
                    progress = true;
                }
            }
        }
        for (int s = 0; s < p; s++) {
            List<Action> list = plan.actions().get(s);
            if (next[s] < list.size() || list.isEmpty() || list.getLast().kind() != Action.Kind.S) {
                return false;
            }
            if (folded[s] != m) {
                return false;
            }
        }
        return true;
    }
}
