package io.ketju.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.ketju.layers.model.Model;
import io.ketju.onnx.format.OnnxModel;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model with weights, here and in onnxruntime. Differences are allowed up to 1e-4 of the largest magnitude of an output. */
final class Comparison implements AutoCloseable {
    private static final double TOLERANCE = 1e-4;

    private final Model model;
    private final Predictor predictor;
    private final OrtSession session;
    private final OnnxModel file;

    Comparison(Model model, int largest, long seed, TensorCore core) {
        this(model, OnnxExport.of(model), largest, seed, core);
    }

    Comparison(Model model, OnnxExport export, int largest, long seed, TensorCore core) {
        this.model = model;
        predictor = new Predictor(model.withoutHeads(), largest, core);
        predictor.initialize(seed);
        predictor.weights().forEach((name, tensor) -> disturb(tensor, CounterRandom.of(seed, name), name));
        file = export.model(name -> present(predictor.weights().get(name)).toFloats());
        session = open(bytes(file));
    }

    private static Tensor present(@Nullable Tensor tensor) {
        if (tensor == null) {
            throw new IllegalStateException("a parameter that there is not");
        }
        return tensor;
    }

    /** Away from zeros and ones, which hide mistakes. */
    private static void disturb(Tensor tensor, CounterRandom random, String name) {
        for (int i = 0; i < tensor.elements(); i++) {
            float noise = 0.1f * random.normal(i);
            float value = tensor.getFloat(i) + noise;
            tensor.setFloat(i, name.endsWith("running_var") ? Math.abs(value) + 0.5f : value);
        }
    }

    static byte[] bytes(OnnxModel file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            file.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat((long) bytes.size()).isEqualTo(file.size());
        return bytes.toByteArray();
    }

    private static OrtSession open(byte[] bytes) {
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            return OrtEnvironment.getEnvironment().createSession(bytes, options);
        } catch (OrtException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    OnnxModel file() {
        return file;
    }

    /** Both compute the same of these inputs, by the model's order. */
    void require(List<Values> inputs) {
        try (TensorArena arena = new TensorArena(1 << 20)) {
            List<Tensor> given = inputs.stream().map(one -> one.in(arena)).toList();
            List<TensorType> types =
                    predictor.outputTypes(inputs.stream().map(Values::type).toList());
            List<Tensor> outputs = types.stream().map(arena::allocate).toList();
            predictor.predict(given, outputs);
            List<float[]> theirs = theirs(inputs, types);
            for (int i = 0; i < outputs.size(); i++) {
                requireClose(
                        model.outputNames().get(i),
                        theirs.get(i),
                        outputs.get(i).toFloats());
            }
        }
    }

    private static void requireClose(String name, float[] found, float[] expected) {
        double largest = 0;
        for (float value : expected) {
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        assertThat(found).as("elements of %s", name).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            boolean same = Float.isNaN(expected[i]) ? Float.isNaN(found[i]) : found[i] == expected[i];
            if (!same && !(Math.abs(found[i] - expected[i]) <= TOLERANCE * largest)) {
                throw new AssertionError("output " + name + ", element " + i + ": expected " + expected[i] + " within "
                        + TOLERANCE + " of " + largest + ", found " + found[i]);
            }
        }
    }

    private List<float[]> theirs(List<Values> inputs, List<TensorType> types) {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (int i = 0; i < inputs.size(); i++) {
                String name = model.inputs().get(i).name();
                if (session.getInputNames().contains(name)) {
                    given.put(name, tensor(inputs.get(i)));
                }
            }
            List<float[]> outputs = new ArrayList<>();
            try (OrtSession.Result result = session.run(given)) {
                for (int i = 0; i < types.size(); i++) {
                    OnnxTensor output = (OnnxTensor) result.get(i);
                    long[] expected = Arrays.stream(types.get(i).shape().toArray())
                            .asLongStream()
                            .toArray();
                    assertThat(output.getInfo().getShape()).containsExactly(expected);
                    FloatBuffer values = output.getFloatBuffer();
                    float[] floats = new float[values.remaining()];
                    values.get(floats);
                    outputs.add(floats);
                }
            }
            return outputs;
        } catch (OrtException e) {
            throw new AssertionError(e.getMessage(), e);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(Values values) throws OrtException {
        long[] shape =
                Arrays.stream(values.type().shape().toArray()).asLongStream().toArray();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (values.type().differentiable()) {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values.elements()), shape);
        }
        int[] whole = new int[values.elements().length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (int) values.elements()[i];
        }
        return OnnxTensor.createTensor(environment, IntBuffer.wrap(whole), shape);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new AssertionError(e.getMessage(), e);
        } finally {
            predictor.close();
        }
    }
}
