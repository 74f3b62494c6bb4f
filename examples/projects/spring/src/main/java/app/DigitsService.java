package app;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.PredictionService;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.layers.optimizer.Adam;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Trains when it starts, then predicts: POST /predict with 64 numbers gives 10 probabilities. */
@SpringBootApplication
public class DigitsService {
    public static void main(String[] arguments) {
        SpringApplication.run(DigitsService.class, arguments);
    }

    /** Spring closes it with the context, after the service that predicts with its model. */
    @Bean
    Training training() {
        TrainingJob job = Ketju.job()
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(0.005))
                .stages(2)
                .epochs(3)
                .build();
        return Ketju.start(job);
    }

    /** There once the run has ended. */
    @Bean
    PredictionService predictions(Training training) {
        training.await();
        TrainedModel model = training.model();
        model.warmUp(Duration.ofMillis(500));
        return PredictionService.open(model);
    }

    /** The only page. */
    @RestController
    static class Predictions {
        private final PredictionService predictions;

        Predictions(PredictionService predictions) {
            this.predictions = predictions;
        }

        @PostMapping("/predict")
        float[] predict(@RequestBody float[] pixels) {
            return predictions.predict(pixels);
        }

        @ExceptionHandler(IllegalArgumentException.class)
        @ResponseStatus(HttpStatus.BAD_REQUEST)
        String wrong(IllegalArgumentException e) {
            return e.getMessage();
        }

        @ExceptionHandler(RejectedExecutionException.class)
        @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
        String busy(RejectedExecutionException e) {
            return e.getMessage();
        }
    }
}
