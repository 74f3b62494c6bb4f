package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.stage.StagePlan;
import java.util.ArrayList;
import java.util.List;

/** What every stage holds and what it costs in memory. */
public final class StageTable {
    private StageTable() {}

    public static List<String> lines(TrainingJob job, Terminal terminal) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("stage", "layers", "parameters", "memory", "in flight"));
        for (StagePlan plan : StagePlan.all(job.pipeline())) {
            rows.add(List.of(
                    Integer.toString(plan.stage()),
                    String.join(", ", plan.layers()),
                    Units.count(plan.parameters()),
                    Units.bytes(plan.bytes()),
                    Integer.toString(plan.slots())));
        }
        return new Table(rows).lines(terminal.columns(), 1, terminal.unicode());
    }
}
