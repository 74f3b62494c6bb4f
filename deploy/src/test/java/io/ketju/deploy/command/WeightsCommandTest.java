package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsCommandTest {
    private static final String JOB = """
            name = digits
            data = digits
            model { name = "mlp(64, 16, 10)", init = ["*.weight = xavier_uniform()", "3.bias = constant(0.5)"] }
            batch = 300
            epochs = 1
            threads = 1
            """;

    @TempDir
    private Path folder;

    @Test
    void everyTensorOfAFileIsALine() throws IOException {
        String header = "{'a.weight':{'dtype':'F64','shape':[2,2],'data_offsets':[0,32]},"
                + "'b':{'dtype':'I64','shape':[],'data_offsets':[32,40]},"
                + "'c':{'dtype':'F8_E4M3','shape':[1],'data_offsets':[40,41]},"
                + "'d':{'dtype':'F32','shape':[1],'data_offsets':[41,45]}}";
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + 45).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        file.putDouble(-0.125).putDouble(1e-9).putDouble(Double.NaN).putDouble(3.5);
        file.putLong(-12).put((byte) 1).putFloat(Float.NEGATIVE_INFINITY);
        String path = Files.write(folder.resolve("w.safetensors"), file.array()).toString();
        assertThat(ok("weights", path)).isEqualTo("""
                tensor    type     shape       min    max   mean  NaN
                ─────────────────────────────────────────────────────
                a.weight  F64      [2, 2]  -0.1250  3.500  1.125    1
                b         I64      []          -12    -12    -12    0
                c         F8_E4M3  [1]           -      -      -    -
                d         F32      [1]        -inf   -inf   -inf    0

                4 tensors, 7 values, 45 B, 1 NaN
                """);
    }

    @Test
    void aRunShowsItsNewestWeightsAndItsOptimizersState() throws IOException {
        String job = Files.writeString(folder.resolve("job.conf"), JOB).toString();
        String run = folder.resolve("run").toString();
        ok("train", job, "--stages", "2", "--run-dir", run);
        assertThat(ok("weights", run))
                .contains("1.weight", "3.bias", "4 tensors, 1,210 values")
                .doesNotContain("exp_avg");
        assertThat(ok("weights", run, "3.*")).contains("2 tensors, 170 values").doesNotContain("1.weight");
        assertThat(ok("weights", run, "--optimizer", "*bias*")).contains("optimizer/1.bias/exp_avg_sq", "6 tensors");
        assertThat(Files.readString(folder.resolve("run/job.conf"))).contains("""
                        model.name = "mlp(64, 16, 10)"
                        model.init = [
                          "*.weight = xavier_uniform(gain=1)",
                          "3.bias = constant(val=0.5)"
                        ]
                        """);
        String weights = run + "/model.safetensors";
        assertThat(ok(
                        "train",
                        job,
                        "--model",
                        "mlp(64, 12, 10)",
                        "--init",
                        weights,
                        "--init-fit",
                        "partial",
                        "--no-save"))
                .contains(
                        "gives 1 of the model's 4 tensors, the seed the others: 3 misshapen: '1.weight' expected [12, 64]");
        assertThat(ok("train", job, "--init", weights, "--init-rename", "1.=2.,2.=1.", "--no-save"))
                .contains("start     weights of " + weights);
    }

    private static String ok(String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out();
    }
}
