package io.ketju.deploy.display;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.actors.run.Evaluation;
import io.ketju.layers.loss.ConfusionMatrix;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An evaluation for other programs, one object on one line.
 *
 * <pre>
 * {"data":"digits/test","samples":360,"metrics":{"loss":0.31,"accuracy":0.9},
 *  "tables":{"confusion":{"classes":["0","1"],"counts":[[20,1],[0,19]]}}}
 * </pre>
 *
 * Metrics without a value are left out, {@code counts} has a row for each true class.
 */
public final class EvaluationJson {
    private EvaluationJson() {}

    /**
     * @param data what the samples are called
     * @param classNames in the order of the classes; none if they have no names
     * @param bleu of translations, 0 to 1; a metric too
     */
    public static String of(Evaluation evaluation, String data, List<String> classNames, Optional<Double> bleu) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("data", data);
            json.writeNumberField("samples", evaluation.samples());
            json.writeObjectFieldStart("metrics");
            for (Map.Entry<String, Double> value : evaluation.metrics().values().entrySet()) {
                json.writeNumberField(value.getKey(), value.getValue());
            }
            if (bleu.isPresent()) {
                json.writeNumberField("bleu", bleu.get());
            }
            json.writeEndObject();
            if (!evaluation.metrics().tables().isEmpty()) {
                json.writeObjectFieldStart("tables");
                for (Map.Entry<String, ConfusionMatrix> table :
                        evaluation.metrics().tables().entrySet()) {
                    write(json, table.getKey(), table.getValue(), classNames);
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, String name, ConfusionMatrix table, List<String> classNames)
            throws IOException {
        json.writeObjectFieldStart(name);
        if (classNames.size() == table.classes()) {
            json.writeFieldName("classes");
            json.writeArray(classNames.toArray(String[]::new), 0, classNames.size());
        }
        json.writeArrayFieldStart("counts");
        for (int real = 0; real < table.classes(); real++) {
            json.writeStartArray();
            for (int told = 0; told < table.classes(); told++) {
                json.writeNumber(table.count(real, told));
            }
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
