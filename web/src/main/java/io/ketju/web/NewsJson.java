package io.ketju.web;

import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.pipeline.stage.StageMemory;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.LinkBytes;
import io.ketju.pipeline.trace.RankLoad;
import io.ketju.pipeline.trace.TracedAction;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What is new in a run, for the page. */
final class NewsJson {
    private static final double MICROS = 1e3;
    private static final double SECOND = 1e9;

    private NewsJson() {}

    static String of(LiveRun.News news) {
        return Json.of(json -> {
            json.writeStartObject();
            json.writeStringField("status", news.status());
            json.writeBooleanField("ended", news.ended());
            json.writeNumberField("facts", news.facts());
            json.writeNumberField("step", news.latest().step());
            json.writeNumberField("epoch", news.latest().epoch());
            Json.field(json, "loss", news.latest().loss());
            Json.field(json, "rate", news.latest().samplesPerSecond());
            Json.field(json, "bubble", news.latest().bubble());
            json.writeNumberField("stepsFrom", news.stepsFrom());
            Json.rows(json, "steps", news.steps());
            json.writeNumberField("epochsFrom", news.epochsFrom());
            Json.rows(json, "epochs", news.epochs());
            Json.strings(json, "lines", news.lines());
            Json.field(json, "memory", ProcessMemory.residentBytes());
            if (news.sample().isPresent()) {
                timeline(json, MeasuredTimeline.of(news.sample().get()));
                loads(json, news.sample().get().loads());
            }
            json.writeEndObject();
        });
    }

    /** What stages hold, as facts have it planned; and what went from stage to stage, in bytes a second. */
    private static void loads(JsonGenerator json, List<RankLoad> loads) throws IOException {
        json.writeArrayFieldStart("held");
        for (RankLoad load : loads) {
            for (StageMemory held : load.held()) {
                json.writeStartObject();
                json.writeNumberField("stage", held.stage());
                json.writeNumberField("weights", held.weights());
                json.writeNumberField("gradients", held.gradients());
                json.writeNumberField("optimizer", held.optimizer());
                json.writeNumberField("microbatches", held.microbatches());
                json.writeNumberField("buffers", held.buffers());
                json.writeNumberField("copies", held.copies());
                json.writeNumberField("slots", held.slotsUsed());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("crossed");
        for (RankLoad load : loads) {
            for (LinkBytes link : load.sent()) {
                json.writeStartArray();
                json.writeNumber(link.from());
                json.writeNumber(link.to());
                Json.number(json, link.bytes() * SECOND / load.nanos());
                json.writeEndArray();
            }
        }
        json.writeEndArray();
    }

    /** As in the plan, in microseconds from the first action. */
    private static void timeline(JsonGenerator json, MeasuredTimeline timeline) throws IOException {
        json.writeNumberField("processes", timeline.processes());
        json.writeNumberField("dropped", timeline.dropped());
        List<List<TracedAction>> ranks = timeline.ranks();
        long begin = ranks.stream()
                .flatMap(List::stream)
                .mapToLong(TracedAction::started)
                .min()
                .orElse(0);
        json.writeArrayFieldStart("timeline");
        for (List<TracedAction> rank : ranks) {
            json.writeStartArray();
            for (TracedAction action : rank) {
                json.writeStartArray();
                json.writeString(action.action().toString());
                json.writeString(action.action().kind().name());
                json.writeNumber(action.action().microbatch());
                json.writeNumber((action.started() - begin) / MICROS);
                json.writeNumber((action.ended() - begin) / MICROS);
                json.writeString(cause(action.cause()));
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    /** What an action waited for last. */
    static String cause(Cause cause) {
        return switch (cause.reason()) {
            case TURN -> "its turn";
            case WINDOW -> "the grant of the step";
            case SUMS -> "sums over all stages";
            case BUFFER -> "a buffer to write to";
            case FED -> "samples";
            case ACTIVATION, GRADIENT, TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT -> {
                String what = cause.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
                yield cause.from() == StagePorts.FEEDER ? what : what + " of stage " + cause.from();
            }
        };
    }
}
