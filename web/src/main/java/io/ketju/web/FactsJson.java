package io.ketju.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.ScheduleSimulation.Interval;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What does not change in a run unless its stages become others, for the page. */
final class FactsJson {
    private FactsJson() {}

    static String of(RunFacts facts) {
        return Json.of(json -> {
            json.writeStartObject();
            json.writeNumberField("version", facts.version());
            job(json, facts);
            Json.strings(json, "metrics", facts.metrics());
            Json.strings(json, "speed", facts.speed());
            stages(json, facts);
            links(json, facts);
            plan(json, facts);
            json.writeEndObject();
        });
    }

    private static void job(JsonGenerator json, RunFacts facts) throws IOException {
        TrainingJob job = facts.job();
        json.writeStringField("name", job.name());
        json.writeStringField(
                "run",
                job.runDirectory().map(Path::getFileName).map(Path::toString).orElse("not kept"));
        json.writeStringField("model", job.source().name());
        json.writeStringField("data", job.train().name());
        json.writeStringField("schedule", job.schedule().name());
        json.writeNumberField("epochs", job.epochs());
        json.writeNumberField("steps", job.totalSteps());
        json.writeNumberField("batch", job.batchSize());
        json.writeNumberField("microbatches", job.microbatches());
        json.writeNumberField("workers", facts.workers());
    }

    private static void stages(JsonGenerator json, RunFacts facts) throws IOException {
        Optional<Overlap> overlap = facts.job().pipeline().overlap();
        json.writeArrayFieldStart("stages");
        for (StagePlan plan : facts.stages()) {
            json.writeStartObject();
            json.writeStringField("layers", String.join(", ", plan.layers()));
            json.writeNumberField("parameters", plan.parameters() + plan.frozen());
            json.writeNumberField("weights", plan.parameterBytes() + plan.versionBytes() + plan.packedBytes());
            json.writeNumberField("gradients", plan.gradientBytes());
            json.writeNumberField("optimizer", plan.stateBytes());
            json.writeNumberField(
                    "microbatches",
                    plan.slots() * plan.slotBytes() + plan.stepBytes() + plan.constantBytes() + plan.wideBytes());
            json.writeNumberField(
                    "buffers",
                    plan.activationBuffers() * plan.activationBufferBytes()
                            + plan.gradientBuffers() * plan.gradientBufferBytes()
                            + plan.exchangeBytes());
            json.writeNumberField("copies", facts.job().writesBehind() ? plan.copyBytes() : 0);
            json.writeNumberField("slots", plan.slots());
            json.writeNumberField("inFlight", plan.inFlight());
            json.writeNumberField("versions", plan.versions());
            json.writeNumberField(
                    "delay",
                    overlap.map(Overlap::delays)
                            .filter(delays -> plan.stage() < delays.size())
                            .map(delays -> delays.get(plan.stage()))
                            .orElse(0));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Of each pair of stages between which activations or gradients travel, the bytes of a micro-batch at most. */
    private static void links(JsonGenerator json, RunFacts facts) throws IOException {
        json.writeArrayFieldStart("links");
        for (TensorKey.Kind kind : List.of(TensorKey.Kind.ACTIVATION, TensorKey.Kind.GRADIENT)) {
            for (StagePorts to : StagePorts.all(facts.job().pipeline())) {
                List<Integer> senders = to.arriving().stream()
                        .filter(port -> port.kind() == kind)
                        .flatMap(port -> to.senders(kind, port.edge()).stream())
                        .distinct()
                        .toList();
                for (int from : senders) {
                    StagePlan plan = facts.stages().get(from);
                    json.writeStartArray();
                    json.writeNumber(from);
                    json.writeNumber(to.stage());
                    json.writeNumber(
                            kind == TensorKey.Kind.ACTIVATION
                                    ? plan.activationBufferBytes()
                                    : plan.gradientBufferBytes());
                    json.writeEndArray();
                }
            }
        }
        json.writeEndArray();
    }

    /** A row for each rank; of each action its text, kind, micro-batch, begin and end in per cent of all. */
    private static void plan(JsonGenerator json, RunFacts facts) throws IOException {
        double unit = Math.max(1e-9, facts.plan().makespan() / 100);
        json.writeArrayFieldStart("plan");
        for (List<Interval> rank : facts.plan().timeline()) {
            json.writeStartArray();
            for (Interval interval : rank) {
                json.writeStartArray();
                json.writeString(interval.action().toString());
                json.writeString(interval.action().kind().name());
                json.writeNumber(interval.action().microbatch());
                json.writeNumber(interval.start() / unit);
                json.writeNumber(interval.end() / unit);
                json.writeString("as planned");
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }
}
