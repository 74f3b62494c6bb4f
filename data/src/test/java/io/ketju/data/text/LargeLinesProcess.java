package io.ketju.data.text;

import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.ConstantBatches.Constant;
import io.ketju.data.Dataset;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A process with a small heap that goes once through all samples of a file, and says how many there were and what they add up to. */
final class LargeLinesProcess {
    private LargeLinesProcess() {}

    static List<String> command(int heapMebibytes, String form, String port, Path file) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMebibytes + "m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LargeLinesProcess.class.getName(),
                form,
                port,
                file.toString());
    }

    public static void main(String[] arguments) {
        TrainTest data = read(arguments[0], Path.of(arguments[2]));
        long sum = sum(data.train(), arguments[1]) + sum(data.test(), arguments[1]);
        System.out.println(data.train().size() + " " + data.test().size() + " " + sum);
    }

    private static TrainTest read(String form, Path file) {
        TextPairs.Choice choice = new TextPairs.Choice(text -> new WordTokenizer(true), 1, 0.1, 0);
        return switch (form) {
            case "pairs" -> TextPairs.translations("t", TextLines.ofTabbed(TextSource.of(file)), choice);
            case "lines" -> TextPairs.classes("t", TextLines.ofTabbed(TextSource.of(file)), choice);
            default ->
                WordWindows.of(
                        "t",
                        file,
                        new LargeText.Choice(0.1, text -> new WordTokenizer(true), 1),
                        new WordWindows.Form(true, new WordWindows.Window(2, 2, 20), 0, 0),
                        counts -> new Constant(TensorType.ints(counts.length), counts));
        };
    }

    /** Of all values under a name. */
    private static long sum(Dataset data, String port) {
        BatchSource source = data.batches("", "", 64, 2, BatchOrder.shuffled(1));
        long sum = 0;
        try (BatchTensors tensors = new BatchTensors(source)) {
            for (int step = 0; step < source.stepsPerEpoch(); step++) {
                for (Map<String, Tensor> batch : tensors.read(source.plan(step))) {
                    Tensor values = Objects.requireNonNull(batch.get(port));
                    for (int i = 0; i < values.elements(); i++) {
                        sum += values.getInt(i);
                    }
                }
            }
        }
        return sum;
    }
}
