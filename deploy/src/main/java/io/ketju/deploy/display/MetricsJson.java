package io.ketju.deploy.display;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The run's numbers as {@code metrics.jsonl}, one object per line: what {@link MetricsCsv} has a row for, by the same names, with all
 * digits, and without what was not measured. A number that is none, or is infinite, is {@code null}, as JSON has no other word for it.
 *
 * <pre>
 * {"step":1,"epoch":1,"phase":"step","loss":2.3125,"accuracy":0.125,"learning_rate":0.001,"samples_per_second":4209.6,"bubble":0.19}
 * </pre>
 */
public final class MetricsJson implements TrainingListener, AutoCloseable {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "metrics.jsonl";

    private static final Pattern LINE = Pattern.compile("\\{\"step\":(\\d{1,18}),.*}");

    private final JsonFactory factory = new JsonFactory();
    private final RunLines file;
    private long step;

    public MetricsJson(Path runDirectory) {
        this(new RunLines(runDirectory.resolve(FILE_NAME)));
    }

    private MetricsJson(RunLines file) {
        this.file = file;
    }

    /** For runs that keep nothing: writes nothing. */
    public static MetricsJson nowhere() {
        return new MetricsJson(new RunLines(null));
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> {
                // Nothing is trained yet.
            }
            case TrainingEvent.Started started -> {
                step = started.firstStep() - 1;
                file.open(List.of(), started.firstStep() > 1, line -> stepOf(line) < started.firstStep());
            }
            case TrainingEvent.Restarted again -> file.flush();
            case TrainingEvent.Repartitioned moved -> file.flush();
            case TrainingEvent.StepFinished done -> {
                step = done.step();
                line(done.epoch(), "step", done.numbers(), done);
            }
            case TrainingEvent.EpochFinished done -> {
                line(done.epoch(), "train", done.train(), null);
                line(done.epoch(), "test", done.test(), null);
                file.flush();
            }
            case TrainingEvent.CheckpointCommitted done -> file.flush();
        }
    }

    private void line(int epoch, String phase, Measured measured, TrainingEvent.@Nullable StepFinished of) {
        if (!file.isOpen()) {
            return;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = factory.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("step", step);
            json.writeNumberField("epoch", epoch);
            json.writeStringField("phase", phase);
            for (Map.Entry<String, Double> value : measured.values().entrySet()) {
                number(json, value.getKey(), value.getValue());
            }
            if (of != null) {
                number(json, "samples_per_second", of.samplesPerSecond());
                number(json, "bubble", of.bubble());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory", e);
        }
        file.line(text.toString());
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    /** A line that was cut by a crash counts as later than everything. */
    private static long stepOf(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
    }

    @Override
    public void close() {
        file.close();
    }
}
