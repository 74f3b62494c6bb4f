package io.ketju.deploy.display;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.cluster.node.ClusterStatus;
import io.ketju.cluster.status.NodeStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The status of a cluster for other programs, one object on one line.
 *
 * <pre>
 * {"nodes":[{"address":"127.0.0.1:7355","role":"worker","state":"up","reachable":true,"answers":true,"trouble":"","version":"0.1.0",
 *            "control_version":1,"threads":2,"since":"2026-11-29T18:00:00Z","leaving":false,
 *            "holds":{"run":"digits-1","director":"127.0.0.1:4711","stages":[0],"of":2,"connected":true}}],
 *  "runs":[{"director":"127.0.0.1:4711","job":"digits","folder":"/home/me/runs/digits-1","state":"runs","epoch":3,"epochs":10,
 *           "step":120,"steps":400,"stages":2,"restarts":0,"workers":[{"address":"127.0.0.1:7355","stages":[0]}]}]}
 * </pre>
 *
 * What a node does not say is left out: of one that does not answer, all behind {@code trouble}; of one that is free, {@code holds}. One that
 * stands by has {@code "stands_by_for":{"job":"digits","folder":"/home/me/runs/digits-1"}} and is in none of the runs.
 */
public final class StatusJson {
    private StatusJson() {}

    /** The line. */
    public static String of(ClusterStatus status) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("nodes");
            for (ClusterStatus.Node node : status.nodes()) {
                write(json, node);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("runs");
            for (StatusRuns.Run run : StatusRuns.of(status)) {
                write(json, run);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, ClusterStatus.Node node) throws IOException {
        json.writeStartObject();
        json.writeStringField("address", node.address());
        json.writeStringField("role", StatusRuns.role(node));
        if (node.member().isPresent()) {
            json.writeStringField("state", node.member().get().state());
            json.writeBooleanField("reachable", node.member().get().reachable());
        }
        json.writeBooleanField("answers", node.status().isPresent());
        json.writeStringField("trouble", node.trouble());
        if (node.status().isPresent()) {
            NodeStatus own = node.status().get();
            json.writeStringField("version", own.version());
            json.writeNumberField("control_version", own.controlVersion());
            json.writeNumberField("threads", own.threads());
            json.writeStringField("since", own.since().toString());
            json.writeBooleanField("leaving", own.leaving());
            if (own.held().isPresent()) {
                NodeStatus.Held held = own.held().get();
                json.writeObjectFieldStart("holds");
                json.writeStringField("run", held.run());
                json.writeStringField("director", held.director());
                write(json, held.stages());
                json.writeNumberField("of", held.of());
                json.writeBooleanField("connected", held.connected());
                json.writeEndObject();
            }
            if (StatusRuns.standsBy(own) && own.directed().isPresent()) {
                json.writeObjectFieldStart("stands_by_for");
                json.writeStringField("job", own.directed().get().job());
                json.writeStringField("folder", own.directed().get().folder());
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, StatusRuns.Run run) throws IOException {
        NodeStatus.Directed directed = run.directed();
        json.writeStartObject();
        json.writeStringField("director", run.director());
        json.writeStringField("job", directed.job());
        json.writeStringField("folder", directed.folder());
        json.writeStringField("state", directed.state());
        json.writeNumberField("epoch", directed.epoch());
        json.writeNumberField("epochs", directed.epochs());
        json.writeNumberField("step", directed.step());
        json.writeNumberField("steps", directed.steps());
        json.writeNumberField("stages", directed.stages());
        json.writeNumberField("restarts", directed.restarts());
        json.writeArrayFieldStart("workers");
        for (StatusRuns.Worker worker : run.workers()) {
            json.writeStartObject();
            json.writeStringField("address", worker.address());
            write(json, worker.stages());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, List<Integer> stages) throws IOException {
        json.writeArrayFieldStart("stages");
        for (int stage : stages) {
            json.writeNumber(stage);
        }
        json.writeEndArray();
    }
}
