package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.run.Training;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SGD;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of a model that stay as they are, and parts that learn in their own way, through stage actors. */
class FrozenParametersTest {
    @TempDir
    private Path folder;

    private static JobBuilder job() {
        return SmallJobs.tiny().optimizer(new Adam(0.01)).freeze("1.*").group("*.bias", new SGD(0.1).withMomentum(0.9));
    }

    private static String train(JobBuilder builder) {
        return Ketju.fit(builder.build()).stateSha256();
    }

    @Test
    void stagesChangeNoBit() {
        String whole = train(job());
        assertThat(train(job().stages(2))).isEqualTo(whole);
        assertThat(train(job().stages(3))).isEqualTo(whole);
        assertThat(train(SmallJobs.tiny().optimizer(new Adam(0.01)))).isNotEqualTo(whole);
    }

    @Test
    void aStoppedRunGoesOnToTheSameBits() {
        Path run = folder.resolve("run");
        try (Training training = Ketju.start(job().runDirectory(run).stages(2).build())) {
            training.stop("enough");
            training.await();
        }
        assertThat(train(job().resume(run).stages(3))).isEqualTo(train(job()));
    }

    @Test
    void whatIsFrozenIsAsItBegan() {
        try (Training one = Ketju.start(job().epochs(1).build());
                Training three = Ketju.start(job().epochs(3).stages(2).build())) {
            one.await();
            three.await();
            assertThat(three.model().parameter("1.weight"))
                    .isEqualTo(one.model().parameter("1.weight"));
            assertThat(three.model().parameter("3.weight"))
                    .isNotEqualTo(one.model().parameter("3.weight"));
        }
    }

    @Test
    void groupsAreOfTheNumbersAndOfTheState() {
        assertThat(JobHash.numbers(job().build()))
                .isNotEqualTo(JobHash.numbers(
                        SmallJobs.tiny().optimizer(new Adam(0.01)).freeze("1.*").build()));
        Path run = folder.resolve("run");
        train(SmallJobs.tiny().optimizer(new Adam(0.01)).runDirectory(run));
        assertThatThrownBy(() -> SmallJobs.tiny()
                        .optimizer(new Adam(0.01))
                        .freeze("1.*")
                        .initialState(Ketju.state(run))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("its optimizer keeps state of other parameters than learn here: 4 unexpected: ")
                .hasMessageContaining("or its weights alone with --init ");
    }
}
