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
                    parameters(plan),
                    Units.bytes(plan.bytes()),
                    plan.recomputes() ? plan.inFlight() + " in " + plan.slots() : Integer.toString(plan.slots())));
        }
        return new Table(rows).lines(terminal.columns(), 1, terminal.unicode());
    }

    /** All of them, also those that do not learn. */
    private static String parameters(StagePlan plan) {
        String all = Units.count(plan.parameters() + plan.frozen());
        return plan.frozen() == 0 ? all : all + " (" + Units.count(plan.frozen()) + " frozen)";
    }
}
