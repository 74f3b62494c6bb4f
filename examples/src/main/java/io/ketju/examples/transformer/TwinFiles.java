package io.ketju.examples.transformer;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainingSession;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchSource;
import io.ketju.data.file.DurableFile;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.data.text.Translations;
import io.ketju.data.text.Vocabulary;
import io.ketju.examples.lesson.Verses;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a program of another system needs to learn the same: the initial weights, every micro-batch in its order, and the held-out
 * pairs. {@code peer.py} beside the example's page reads them.
 */
final class TwinFiles {
    /** Bytes of all micro-batches, which is far more than there are. */
    private static final long ROOM = 256L << 20;

    private TwinFiles() {}

    /**
     * Writes {@code initial-SEED.safetensors}, {@code batches-SEED.safetensors} with {@code NAME.STEP.MICROBATCH}, both from 0, and,
     * the same for every seed, {@code sources.txt}, {@code references.txt} and {@code vocabulary.txt}.
     */
    static void write(Path folder, int seed, TrainingJob job) {
        try (TrainingSession session = Ketju.session(Ketju.job()
                .model(job.model())
                .batchSize(job.batchSize())
                .microbatches(2)
                .seed(seed)
                .optimizer(job.optimizer())
                .stepByStep()
                .build())) {
            session.save(folder.resolve("initial-" + seed + ".safetensors"));
            batches(folder.resolve("batches-" + seed + ".safetensors"), job);
            pairs(folder, Verses.test(job));
        } catch (IOException e) {
            throw new InvalidJobException(folder + ": cannot write what the twin reads: " + e.getMessage(), e);
        }
    }

    private static void batches(Path file, TrainingJob job) throws IOException {
        BatchSource source = job.train();
        try (TensorArena arena = new TensorArena(ROOM)) {
            List<NamedTensor> all = new ArrayList<>();
            for (long step = 0; step < (long) job.epochs() * source.stepsPerEpoch(); step++) {
                BatchPlan plan = source.plan(step);
                for (int m = 0; m < plan.microbatches().size(); m++) {
                    SortedMap<String, TensorType> types =
                            plan.microbatches().get(m).types();
                    for (Map.Entry<String, TensorType> port : types.entrySet()) {
                        Tensor tensor = arena.allocate(port.getValue());
                        source.copy(plan, m, port.getKey(), tensor);
                        all.add(new NamedTensor(port.getKey() + "." + step + "." + m, tensor));
                    }
                }
            }
            DurableFile.write(file, out -> SafeTensorsWriter.write(out, all, Map.of()));
        }
    }

    private static void pairs(Path folder, Translations pairs) throws IOException {
        Files.write(
                folder.resolve("sources.txt"),
                pairs.sentences().stream()
                        .map(numbers -> IntStream.of(numbers)
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(" ")))
                        .toList());
        Files.write(
                folder.resolve("references.txt"),
                pairs.references().stream()
                        .map(words -> String.join(" ", words))
                        .toList());
        Vocabulary known = pairs.target().vocabulary();
        Files.write(
                folder.resolve("vocabulary.txt"),
                IntStream.range(0, known.size()).mapToObj(known::token).toList());
    }
}
