package io.ketju.examples.lesson;

import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.stage.StagePlan;
import java.util.ArrayList;
import java.util.List;

/** Which tensors travel between which stages in one step of a job, and what every rank does, as lines of text. */
public final class Traffic {
    private Traffic() {}

    /**
     * The stages, from the first, and between them what crosses with every micro-batch; below them the list of actions of every
     * rank, as it is run.
     */
    public static List<String> lines(TrainingJob job) {
        List<String> lines = new ArrayList<>(stages(job));
        lines.add("");
        job.pipeline().picture(1).table().lines().forEach(lines::add);
        return lines;
    }

    /** The stages and what crosses between them. */
    public static List<String> stages(TrainingJob job) {
        PipelineSpec spec = job.pipeline();
        Model model = spec.model();
        ModelTypes types = spec.largestTypes();
        GradientFlow flow = new GradientFlow(model, spec.recipe().optimizers()::learns);
        List<String> lines = new ArrayList<>();
        for (StagePlan plan : StagePlan.all(spec)) {
            for (Cut.Edge edge :
                    Cut.before(model, flow, spec.partition(), plan.stage()).edges()) {
                lines.add("    down: output of " + ModelText.reference(model, edge.value()) + ", "
                        + types.of(edge.value()) + (edge.gradient() ? "; up: its gradient" : ""));
            }
            lines.add("stage " + plan.stage() + ": " + String.join(", ", plan.layers()));
        }
        return lines;
    }
}
