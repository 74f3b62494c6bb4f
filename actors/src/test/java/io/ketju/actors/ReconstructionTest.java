package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingResult;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.stage.Recompute;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs whose loss compares with the input itself, which a data set of classes gives too. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReconstructionTest {
    private static JobBuilder job() {
        return new JobBuilder()
                .model("autoencoder((16, 8), image=8)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(0.01))
                .batchSize(128)
                .microbatches(2)
                .epochs(2)
                .seed(3);
    }

    /** An image that is only its mean has a squared error of 1, since images are normalised. */
    @Test
    void anAutoencoderLearnsAndIsTheSameOverEveryCut() {
        TrainingResult whole = Ketju.fit(job().build());
        assertThat(whole.testLoss().orElseThrow()).isLessThan(0.5);
        assertThat(Ketju.fit(job().stages(3).build()).stateSha256()).isEqualTo(whole.stateSha256());
        assertThat(Ketju.fit(job().stages(4).recompute(new Recompute.All()).build())
                        .stateSha256())
                .isEqualTo(whole.stateSha256());
    }

    @Test
    void anImageOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> job().model("autoencoder((16, 8), image=9)").build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("samples are [1, 8, 8], but the model takes [1, 9, 9]");
    }
}
