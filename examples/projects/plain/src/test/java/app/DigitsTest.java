package app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsTest {
    @TempDir
    Path folder;

    @Test
    void twoStagesHaveTheBitsOfOne() {
        TrainingJob job = Digits.job().epochs(1).build();
        Oracle.of(job).requireSameState(Ketju.fit(job));
    }

    @Test
    void aSavedRunPredicts() {
        int predicted = Digits.trainAndPredict(folder.resolve("run"));
        assertTrue(predicted >= 0 && predicted < 10);
    }
}
