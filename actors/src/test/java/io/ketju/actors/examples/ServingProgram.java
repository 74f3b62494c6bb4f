package io.ketju.actors.examples;

// region program
import io.ketju.actors.Ketju;
import io.ketju.actors.run.PredictionService;
import io.ketju.actors.run.TrainedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

public final class ServingProgram {
    public static void main(String[] arguments) {
        TrainedModel model = Ketju.load(Path.of(arguments[0])); // the folder of a run: no job, no data
        model.warmUp(Duration.ofMillis(200)); // before the first request
        try (PredictionService service = PredictionService.open(model)) {
            List<CompletableFuture<float[]>> answers = IntStream.range(0, 100)
                    .mapToObj(i -> service.submit(new float[] {i / 100f}))
                    .toList();
            answers.forEach(CompletableFuture::join);
            System.out.println(service.counts().samples() + " samples predicted");
        }
    }
}
// end region
