package io.ketju.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.ketju.actors.run.TrainedModel;
import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.command.UsableRun;
import io.ketju.deploy.command.WeightsOptions;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.Footprint;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.spec.Spec;
import io.ketju.onnx.format.OnnxModel;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ketju export} after a run, the Java of the page, and a layer of one's own. */
class ExportCommandTest {
    private static final int COLUMNS = 100;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final Terminal terminal = new Terminal(stream, stream, false, COLUMNS, true);

    private int ketju(String... arguments) {
        printed.reset();
        return CommandLineInterface.execute(terminal, arguments);
    }

    private String output() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRunIsExportedWithWhatIsKnownOfItsInputs() throws IOException, OrtException {
        Path run = folder.resolve("run");
        String[] train = {
            "train",
            "--data",
            "digits",
            "--model",
            "mlp(64, 10)",
            "--epochs",
            "1",
            "--stages",
            "2",
            "--run-dir",
            run + ""
        };
        assertThat(ketju(train)).as(output()).isZero();
        Path file = folder.resolve("digits.onnx");
        assertThat(ketju("export", run + "", file + "")).as(output()).isZero();
        assertThat(output()).contains("operators of set 17").contains("input float [batch, 1, 8, 8]");
        assertThat(Files.readString(folder.resolve("digits.inputs.json")))
                .isEqualTo(Files.readString(run.resolve("inputs.json")));
        float[] sample = new float[64];
        sample[20] = 1;
        try (TrainedModel trained = UsableRun.open(run).model(new WeightsOptions(), terminal)) {
            Path other = folder.resolve("other.onnx");
            write(trained, other);
            assertThat(other).hasSameBinaryContentAs(file);
            assertThat(outputs(file, sample)).containsExactly(trained.outputs(sample), within());
        }
        assertThat(ketju("export", run + "", folder.resolve("x.pb") + "")).isEqualTo(2);
        assertThat(output()).contains("expected a name that ends with .onnx");
        assertThat(ketju("export", run + "", file + "", "--output", "9")).isEqualTo(2);
        assertThat(output()).contains("output '9': expected the name of a layer");
    }

    private static Offset<Float> within() {
        return Offset.offset(1e-4f);
    }

    private static void write(TrainedModel trained, Path path) throws IOException {
        // region write
        OnnxModel file = OnnxExport.of(trained.model()).model(trained::parameter);
        try (OutputStream out = Files.newOutputStream(path)) {
            file.writeTo(out);
        }
        // end region
    }

    private static float[] outputs(Path file, float[] sample) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        float[][][][] images = new float[1][1][8][8];
        for (int i = 0; i < sample.length; i++) {
            images[0][0][i / 8][i % 8] = sample[i];
        }
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, images);
                OrtSession.Result result = session.run(Map.of("input", input))) {
            return ((float[][]) result.get(0).getValue())[0];
        }
    }

    /** Twice what it is given: no layer of the catalogue. */
    private record Doubled() implements OneToOne {
        @Override
        public Spec spec() {
            return Spec.of("Doubled");
        }

        @Override
        public TensorType output(TensorType input) {
            return input;
        }

        @Override
        public Footprint footprint(TensorType input) {
            return Footprint.NOTHING;
        }

        @Override
        public long forwardFlops(TensorType input) {
            return input.shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            pass.kernels().elementwise().scale(2, pass.input(0), pass.output(0));
        }

        @Override
        public void backwardInput(Pass pass) {
            pass.kernels().elementwise().scale(2, pass.gradOutput(0), pass.gradInput(0));
        }
    }

    @Test
    void aLayerOfOnesOwnIsGivenAForm() {
        Model model = Model.of(Shape.of(3), Sequential.of(new Doubled()));
        OnnxExport export = OnnxExport.of(model);
        assertThat(catchThrowable(() -> export.model(name -> new float[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer 0 Doubled(): expected a layer that has a form in ONNX, found Doubled, which has no"
                        + " exporter");
        // region own
        OnnxExport doubling = export.with("Doubled", site -> List.of(site.call("Mul", site.input(0), site.number(2))));
        // end region
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
                Comparison comparison = new Comparison(model, doubling, 2, 1, core)) {
            comparison.require(List.of(Values.random(TensorType.floats(2, 3), 1, "input", 1)));
        }
    }
}
