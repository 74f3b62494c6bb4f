package io.ketju.pipeline.stage;

import io.ketju.layers.PassBinding;
import io.ketju.layers.model.GroupGradients;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.GroupSums;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The sums of a stage's weight gradients, window after window: every micro-batch adds where its group does, and groups that
 * are complete are added to the sum, in their order. Not thread-safe.
 */
final class StageGroups implements StageHoldings.Owner {
    private final Replicas replicas;
    private final int stage;
    /** The first of the stage's micro-batches. */
    private final int first;
    /** Whether nobody else has some of them. */
    private final boolean alone;

    private final GroupSums sums;
    private final GroupGradients gradients;
    private final Kernels kernels;
    /** By place. */
    private final List<Function<Node, PassBinding.Weights>> weights = new ArrayList<>();

    /** Actions of the current window that have made weight gradients. */
    private int actions;

    StageGroups(PipelineSpec spec, StagePlan plan, List<Node> nodes, ParameterBlock parameters, Kernels kernels) {
        replicas = spec.replicas();
        stage = plan.stage();
        first = replicas.first(stage);
        alone = spec.counts().of(stage) == 1;
        sums = new GroupSums(replicas.share(stage), replicas.addsToOthers(stage));
        gradients = new GroupGradients(nodes, parameters, plan.gradientPlaces());
        this.kernels = kernels;
        for (int i = 0; i < plan.gradientPlaces(); i++) {
            int place = i;
            weights.add(node -> gradients.weights(node, place));
        }
    }

    /** An action is about to run that may make weight gradients. */
    void before(Action action, BoundProgram program) {
        if (action.kind() != Kind.I) {
            int place = sums.place(action.microbatch() - first);
            program.addTo(place, weights.get(place));
        }
    }

    /** It has made weight gradients. With the last of the window, where no others have some, the sum is whole, and this is true. */
    boolean after(Window window, Action action) {
        boolean last = alone && StagePorts.lastWeights(action.kind(), actions++, window);
        int present = replicas.present(stage, window.microbatches());
        add(sums.added(action.microbatch() - first, present));
        actions = last ? 0 : actions;
        return last;
    }

    /** The sums of replicas whose groups come before are in the place of the sum: these are added now. */
    void addBehindOthers() {
        if (replicas.addsToOthers(stage)) {
            add(sums.behindOthers());
        }
    }

    private void add(List<Integer> complete) {
        for (int place : complete) {
            gradients.addToSum(kernels, place);
        }
    }

    @Override
    public long heldBytes() {
        return gradients.heldBytes();
    }

    @Override
    public void close() {
        gradients.close();
    }
}
