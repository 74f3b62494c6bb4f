package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.ValueHistogram;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stages count of their weights and gradients, as listeners hear it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HistogramRunTest {
    @TempDir
    private Path folder;

    private static JobBuilder job() {
        return SmallJobs.tiny().epochs(4).freeze("3.bias").histogramsEveryEpochs(2);
    }

    private static List<List<ParameterHistograms>> epochs(TrainingJob job) {
        List<List<ParameterHistograms>> all = new ArrayList<>();
        Ketju.fit(job, event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                all.add(epoch.histograms());
            }
        });
        return all;
    }

    /** Counts are the same however the model is cut, in the order of the parameters, in every second epoch. */
    @Test
    void everyCutCountsTheSame() throws IOException {
        List<List<ParameterHistograms>> whole = epochs(job().build());
        assertThat(whole.get(0)).isEmpty();
        assertThat(whole.get(2)).isEmpty();
        for (int epoch : new int[] {1, 3}) {
            assertThat(whole.get(epoch))
                    .extracting(ParameterHistograms::parameter)
                    .containsExactly("1.weight", "1.bias", "3.weight", "3.bias", "5.weight", "5.bias");
            assertThat(whole.get(epoch)).allSatisfy(found -> {
                assertThat(found.gradients().isPresent())
                        .isEqualTo(!found.parameter().equals("3.bias"));
                found.gradients()
                        .ifPresent(gradients -> assertThat(gradients.total())
                                .isEqualTo(found.weights().total()));
            });
        }
        assertThat(whole.get(1)).isNotEqualTo(whole.get(3));
        assertThat(epochs(job().stages(3).build())).isEqualTo(whole);

        Path file = folder.resolve("weights.safetensors");
        try (Training training = Ketju.start(job().stages(2).build())) {
            training.await();
            training.model().save(file);
        }
        for (ParameterHistograms found : whole.get(3)) {
            assertThat(found.weights()).as(found.parameter()).isEqualTo(counted(file, found.parameter()));
        }
    }

    private static ValueHistogram counted(Path file, String name) {
        try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
            TensorEntry entry = reader.entry(name).orElseThrow();
            try (TensorArena arena = new TensorArena(TensorArena.bytesFor(entry.shape()))) {
                Tensor tensor = arena.allocate(entry.shape());
                reader.read(name, tensor);
                return ValueHistogram.of(tensor);
            }
        }
    }

    /** Counting changes no bit, and whoever does not ask for it hears of none. */
    @Test
    void countingChangesNothing() {
        TrainingJob plain = SmallJobs.tiny().epochs(4).freeze("3.bias").build();
        assertThat(Ketju.fit(job().build()).stateSha256())
                .isEqualTo(Ketju.fit(plain).stateSha256());
        assertThat(epochs(plain)).hasSize(4).allMatch(List::isEmpty);
    }

    /** The last epoch may be the only one with any; beyond it there would be none, and nobody would say so. */
    @Test
    void anIntervalThatNoEpochEndsIsRefused() {
        assertThat(epochs(SmallJobs.tiny().epochs(3).histogramsEveryEpochs(3).build()))
                .extracting(List::isEmpty)
                .containsExactly(true, true, false);
        assertThatThrownBy(() ->
                        SmallJobs.tiny().epochs(3).histogramsEveryEpochs(5).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "histograms: expected at most 3, as the job has 3 epochs, found 5: no epoch would have any");
    }

    @Test
    void badNumbersAreRefused() {
        assertThatThrownBy(() -> SmallJobs.tiny().histogramsEveryEpochs(-1).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("histograms: expected at least 0, found -1");
        assertThatThrownBy(() -> SmallJobs.tinyWithoutData()
                        .stepByStep()
                        .histogramsEveryEpochs(1)
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("histograms: expected none, as a session has no data epochs, found some");
    }
}
