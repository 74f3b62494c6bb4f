package io.ketju.records.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.actors.job.TrainingEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The run's numbers as {@code metrics.jsonl}, an object of JSON in each line: {@code step}, {@code epoch}, {@code phase} and the
 * numbers by their names, as {@link MetricsCsv} has them, all digits of a double. What was not measured is not there, what is no finite
 * number is {@code null}. A resumed run drops the lines after its checkpoint and goes on.
 */
public final class MetricsJson extends MetricRows {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "metrics.jsonl";

    private static final Pattern LINE = Pattern.compile("\\{\"step\":(\\d+),.*}");
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Of one run.
     *
     * @param runDirectory folder of the run, which is there once the run has started
     */
    public MetricsJson(Path runDirectory) {
        super(new RowFile(runDirectory.resolve(FILE_NAME)));
    }

    @Override
    void open(RowFile rows, List<String> names, long firstStep) {
        rows.open(MetricsJson::stepOf, firstStep);
    }

    private static long stepOf(String line) {
        Matcher whole = LINE.matcher(line);
        return whole.matches() ? RowFile.number(whole.group(1)) : RowFile.NO_STEP;
    }

    @Override
    String line(Row row, List<String> names) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("step", row.step());
            json.writeNumberField("epoch", row.epoch());
            json.writeStringField("phase", row.phase());
            for (String name : names) {
                OptionalDouble value = row.measured().get(name);
                if (value.isPresent()) {
                    number(json, name, value.getAsDouble());
                }
            }
            TrainingEvent.StepFinished speed = row.speed();
            if (speed != null) {
                number(json, "samples_per_second", speed.samplesPerSecond());
                number(json, "bubble", speed.bubble());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return text.toString();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}
