package io.ketju.data.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sizes of a GPT-2, as Hugging Face's {@code config.json} has them.
 *
 * @param vocabulary number of tokens, {@code vocab_size}
 * @param context positions at most, {@code n_positions}
 * @param width features of a position, {@code n_embd}
 * @param layers {@code n_layer}
 * @param heads {@code n_head}
 * @param tied whether the last weight is the embedding's, {@code tie_word_embeddings}
 */
public record Gpt2Config(int vocabulary, int context, int width, int layers, int heads, boolean tied) {
    /** Its name in the folder of a model. */
    public static final String FILE = "config.json";

    private static final long MOST_BYTES = 1 << 20;

    /** What else the model of the zoo is: a file that says otherwise is of another model. */
    private static final Map<String, String> FIXED = Map.of(
            "model_type", "gpt2",
            "activation_function", "gelu_new|gelu_pytorch_tanh",
            "layer_norm_epsilon", "1e-0?5|1\\.0E-5|0\\.00001",
            "scale_attn_weights", "true",
            "scale_attn_by_inverse_layer_idx", "false",
            "add_cross_attention", "false");

    /**
     * Reads it of a model's folder.
     *
     * @param folder that has {@value #FILE}
     * @return the sizes
     * @throws BadDataException if there is none, or one of a model that {@code gpt} is not
     */
    public static Gpt2Config read(Path folder) {
        Path file = folder.resolve(FILE);
        Map<String, String> fields = fields(file);
        FIXED.forEach((name, expected) -> {
            String found = fields.getOrDefault(name, name.equals("model_type") ? "nothing" : "");
            if (!found.isEmpty() && !found.matches(expected)) {
                throw BadDataException.of(
                        file + ", " + name, expected.replace("|", " or ").replace("\\", ""), Excerpt.of(found) + "");
            }
        });
        int width = number(fields, "n_embd", file);
        String inner = fields.getOrDefault("n_inner", "null");
        if (!inner.equals("null") && !inner.equals("" + 4L * width)) {
            throw BadDataException.of(file + ", n_inner", "null or " + 4L * width, Excerpt.of(inner) + "");
        }
        return new Gpt2Config(
                number(fields, "vocab_size", file),
                number(fields, "n_positions", file),
                width,
                number(fields, "n_layer", file),
                number(fields, "n_head", file),
                !fields.getOrDefault("tie_word_embeddings", "true").equals("false"));
    }

    private static int number(Map<String, String> fields, String name, Path file) {
        String found = fields.getOrDefault(name, "nothing");
        if (!found.matches("[1-9]\\d{0,8}")) {
            throw BadDataException.of(file + ", " + name, "a whole number from 1 on", Excerpt.of(found) + "");
        }
        return Integer.parseInt(found);
    }

    /** The plain fields, as they are written. */
    private static Map<String, String> fields(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw BadDataException.of(file.toString(), "at most " + MOST_BYTES + " bytes", Files.size(file) + "");
            }
            try (JsonParser json = new JsonFactory().createParser(Files.readAllBytes(file))) {
                Map<String, String> fields = new TreeMap<>();
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (json.nextToken().isScalarValue()) {
                        fields.put(name, json.getText());
                    } else {
                        json.skipChildren();
                    }
                }
                return fields;
            }
        } catch (JsonProcessingException e) {
            throw BadDataException.of(file.toString(), "JSON", Excerpt.of(e.getOriginalMessage()) + "");
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    /** {@return how a job file writes the model} */
    public String model() {
        return "gpt(" + vocabulary + ", " + context + ", " + layers + ", " + heads + ", " + width
                + (tied ? ")" : ", tied=false)");
    }

    /** The file's content, in UTF-8; dropout, which is of training alone, is 0. */
    byte[] toJson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeFieldName("architectures");
            json.writeArray(new String[] {"GPT2LMHeadModel"}, 0, 1);
            json.writeStringField("model_type", "gpt2");
            json.writeStringField("activation_function", "gelu_new");
            json.writeNumberField("vocab_size", vocabulary);
            json.writeNumberField("n_positions", context);
            json.writeNumberField("n_ctx", context);
            json.writeNumberField("n_embd", width);
            json.writeNumberField("n_layer", layers);
            json.writeNumberField("n_head", heads);
            json.writeNullField("n_inner");
            json.writeNumberField("layer_norm_epsilon", 1e-5);
            json.writeNumberField("initializer_range", 0.02);
            for (String dropout : new String[] {"attn_pdrop", "embd_pdrop", "resid_pdrop"}) {
                json.writeNumberField(dropout, 0);
            }
            json.writeBooleanField("tie_word_embeddings", tied);
            json.writeBooleanField("scale_attn_weights", true);
            json.writeNullField("bos_token_id");
            json.writeNullField("eos_token_id");
            json.writeStringField("torch_dtype", "float32");
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
