package io.ketju.pipeline.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The buffers of an edge suffice however fast or slow anyone is, over windows that follow each other. */
class EdgeBuffersTest {
    private static final int STAGES = 3;
    private static final int MICROBATCHES = 8;
    private static final int WINDOWS = 3;

    /** Ranks that take the next action of their lists in any order that is possible; some are slower than others. */
    private static final class AnyOrder {
        private record Done(int window, Action action) {}

        private final PipelineSpec spec;
        private final SchedulePlan plan;
        private final Random random;
        private final double[] speeds;
        private final int[] next;
        private final Set<Done> done = new HashSet<>();
        private final int[] activations;
        private final int[] gradients;
        private final int[] mostActivations;
        private final int[] mostGradients;

        AnyOrder(PipelineSpec spec, int microbatches, Random random) {
            this.spec = spec;
            this.random = random;
            plan = spec.plan().restrictedTo(microbatches);
            int stages = plan.stages();
            speeds = random.doubles(stages).map(speed -> speed * speed * speed).toArray();
            next = new int[stages];
            activations = new int[stages];
            gradients = new int[stages];
            mostActivations = new int[stages];
            mostGradients = new int[stages];
        }

        void run() {
            int left = WINDOWS * plan.actions().size();
            while (left > 0) {
                int rank = random.nextInt(next.length);
                if (random.nextDouble() < speeds[rank] + 0.01 && advance(rank)) {
                    left--;
                }
            }
        }

        private boolean advance(int rank) {
            List<Action> list = plan.ranks().get(rank);
            int window = next[rank] / list.size();
            if (window == WINDOWS) {
                return false;
            }
            Action action = list.get(next[rank] % list.size());
            List<Action> awaited = ScheduleDependencies.of(action, plan.placement());
            if (!awaited.isEmpty() && awaited.stream().noneMatch(one -> done.contains(new Done(window, one)))) {
                return false;
            }
            next[rank]++;
            done.add(new Done(window, action));
            count(action);
            return true;
        }

        private void count(Action action) {
            int stage = action.stage();
            if (action.ofBatch()) {
                return;
            }
            List<Integer> path = spec.replicas().path(true, action.microbatch());
            int place = path.indexOf(stage);
            if (action.kind() == Kind.F && place < STAGES - 1) {
                mostActivations[stage] = Math.max(mostActivations[stage], ++activations[stage]);
            }
            if ((action.kind() == Kind.B || action.kind() == Kind.I) && place > 0) {
                mostGradients[stage] = Math.max(mostGradients[stage], ++gradients[stage]);
            }
            if (action.kind() == Kind.B || action.kind() == Kind.W) {
                if (place > 0) {
                    activations[path.get(place - 1)]--;
                }
                if (place < STAGES - 1) {
                    gradients[path.get(place + 1)]--;
                }
            }
        }
    }

    private static PipelineSpec spec(Schedule schedule, List<Integer> counts) {
        Model model = Model.of(Shape.of(2), Sequential.of(new Linear(2, 2), new Linear(2, 2), new Linear(2, 2)));
        Recipe recipe = new Recipe(
                        model,
                        new CrossEntropyLoss(),
                        new Adam(0.01),
                        new ConstantLR(),
                        MICROBATCHES,
                        MICROBATCHES,
                        100,
                        7)
                .with(StepRules.NONE.inGroups(4));
        return new PipelineSpec(recipe, new Partition(List.of(0, 1, 2, 3)), schedule)
                .withReplicas(new ReplicaCounts(counts));
    }

    @Test
    void noOrderHasMoreOutThanThereAre() {
        List<Schedule> schedules = Schedules.placing(STAGES).stream()
                .filter(schedule -> schedule.placement(STAGES).isOneEach())
                .toList();
        Random random = new Random(11);
        int reached = 0;
        int all = 0;
        for (int round = 0; round < 100; round++) {
            List<Integer> counts =
                    random.ints(STAGES, 0, 3).mapToObj(i -> 1 << i).toList();
            Schedule schedule = schedules.get(random.nextInt(schedules.size()));
            PipelineSpec spec = spec(schedule, counts);
            AnyOrder order = new AnyOrder(spec, 1 + random.nextInt(MICROBATCHES), random);
            order.run();
            SchedulePlan plan = spec.plan();
            List<Integer> buffers = new ArrayList<>();
            for (int stage = 0; stage < plan.stages(); stage++) {
                buffers.add(EdgeBuffers.activations(plan, stage));
                buffers.add(EdgeBuffers.gradients(plan, stage));
                assertThat(order.mostActivations[stage])
                        .as("round %d: activations of stage %d of %s, %s", round, stage, counts, schedule)
                        .isLessThanOrEqualTo(buffers.get(2 * stage));
                assertThat(order.mostGradients[stage])
                        .as("round %d: gradients of stage %d of %s, %s", round, stage, counts, schedule)
                        .isLessThanOrEqualTo(buffers.get(2 * stage + 1));
            }
            for (int i = 0; i < buffers.size(); i++) {
                int most = i % 2 == 0 ? order.mostActivations[i / 2] : order.mostGradients[i / 2];
                reached += most == buffers.get(i) ? 1 : 0;
                all++;
            }
        }
        assertThat(3 * reached)
                .as("%d of %d edges had as many out", reached, all)
                .isGreaterThan(all);
    }
}
