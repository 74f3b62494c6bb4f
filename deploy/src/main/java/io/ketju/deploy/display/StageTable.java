package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.records.text.Units;
import java.util.ArrayList;
import java.util.List;

/** What every stage holds and what it costs in memory. */
public final class StageTable {
    private StageTable() {}

    public static List<String> lines(TrainingJob job, Terminal terminal) {
        boolean versions = job.pipeline().overlap().isPresent();
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(versions, "stage", "layers", "parameters", "memory", "in flight", "versions"));
        for (StagePlan plan : StagePlan.all(job.pipeline())) {
            rows.add(row(
                    versions,
                    stage(job, plan),
                    String.join(", ", plan.layers()),
                    parameters(plan),
                    Units.bytes(plan.bytes()),
                    plan.recomputes() ? plan.inFlight() + " in " + plan.slots() : Integer.toString(plan.slots()),
                    Integer.toString(plan.versions())));
        }
        return new Table(rows).lines(terminal.columns(), 1, terminal.unicode());
    }

    /** How many versions of the weights there are matters only where there can be more than one. */
    private static List<String> row(boolean versions, String... cells) {
        return List.of(cells).subList(0, versions ? cells.length : cells.length - 1);
    }

    private static String stage(TrainingJob job, StagePlan plan) {
        ReplicaCounts counts = job.pipeline().counts();
        int inPipeline = counts.inPipeline(plan.stage());
        return plan.stage()
                + (counts.alike() || inPipeline == plan.stage() ? "" : " (stage " + inPipeline + ")")
                + (counts.several() ? " in replica " + counts.replicaOf(plan.stage()) : "");
    }

    /** All of them, also those that do not learn. */
    private static String parameters(StagePlan plan) {
        String all = Units.count(plan.parameters() + plan.frozen());
        return plan.frozen() == 0 ? all : all + " (" + Units.count(plan.frozen()) + " frozen)";
    }
}
