package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingListener;
import io.ketju.data.Dataset;
import io.ketju.layers.Flatten;
import io.ketju.layers.Layer;
import io.ketju.layers.Linear;
import io.ketju.layers.Saved;
import io.ketju.layers.Spec;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossValue;
import io.ketju.layers.model.Sequential;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user's own layer, loss, data set or listener throws is the cause of the run's failure, as it was thrown. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UsersExceptionsTest {
    private enum Fault {
        FORWARD,
        BACKWARD,
        SLOT_IN_FORWARD,
        SLOT_IN_BACKWARD
    }

    /** A layer that passes its input on, with one fault. */
    private record Buggy(Fault fault) implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Buggy");
        }

        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long forwardFlops(Shape input) {
            return 1;
        }

        @Override
        public long slotBytes(Shape input, int samples) {
            long each = TensorArena.bytesFor(input.batched(samples));
            return fault == Fault.SLOT_IN_FORWARD ? 64 : fault == Fault.SLOT_IN_BACKWARD ? each : 2 * each;
        }

        @Override
        public Tensor forward(Tensor input, Saved saved) {
            return copy(input, saved, fault == Fault.FORWARD);
        }

        @Override
        public Tensor backwardInput(Tensor gradOutput, Saved saved) {
            return copy(gradOutput, saved, fault == Fault.BACKWARD);
        }

        private static Tensor copy(Tensor tensor, Saved saved, boolean broken) {
            int[] two = new int[2];
            if (broken) {
                two[tensor.shape().dimension(0)] = 1;
            }
            Tensor copy = saved.allocate(tensor.shape());
            copy.copyFrom(tensor);
            return copy;
        }
    }

    /** Cross-entropy that forgets what it is for. */
    private record BuggyLoss(CrossEntropyLoss right) implements Loss {
        @Override
        public Spec spec() {
            return Spec.of("BuggyLoss");
        }

        @Override
        public Shape targetShape(Shape output) {
            return right.targetShape(output);
        }

        @Override
        public DType targetType() {
            return right.targetType();
        }

        @Override
        public long slotBytes(Shape output, int samples) {
            return right.slotBytes(output, samples);
        }

        @Override
        public LossValue compute(Tensor output, Tensor target, long denominator, Kernels kernels, TensorArena slot) {
            throw new UnsupportedOperationException("not written yet");
        }
    }

    /** A data set of which one sample cannot be read. */
    private record BuggyData(Dataset sound, Throwable fault) implements Dataset {
        @Override
        public String name() {
            return sound.name();
        }

        @Override
        public int size() {
            return sound.size();
        }

        @Override
        public Shape inputShape() {
            return sound.inputShape();
        }

        @Override
        public int classes() {
            return sound.classes();
        }

        @Override
        public void copyInput(int sample, Tensor batch, int row) {
            if (sample == 5) {
                if (fault instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) fault;
            }
            sound.copyInput(sample, batch, row);
        }

        @Override
        public void copyTarget(int sample, Tensor batch, int row) {
            sound.copyTarget(sample, batch, row);
        }

        @Override
        public String identity() {
            return sound.identity();
        }
    }

    @Test
    void whatALayerThrowsInForward() {
        TrainingFailedException failure = failure(job(Fault.FORWARD));
        assertThat(failure)
                .hasMessage("stage 1, step 1: layer 2 Buggy(), forward of micro-batch 0: "
                        + "java.lang.ArrayIndexOutOfBoundsException: Index 16 out of bounds for length 2");
        assertThat(failure.getCause()).isInstanceOf(ArrayIndexOutOfBoundsException.class);
        assertThat(framesOfCause(failure, Buggy.class)).contains("forward");
    }

    @Test
    void whatALayerThrowsInBackward() {
        TrainingFailedException failure = failure(job(Fault.BACKWARD));
        assertThat(failure)
                .hasMessageStartingWith("stage 1, step 1: layer 2 Buggy(), backward of micro-batch 0: java.lang.Array");
        assertThat(framesOfCause(failure, Buggy.class)).contains("backwardInput");
    }

    @Test
    void aLayerThatTakesMoreThanItAnnouncedIsNamed() {
        TrainingFailedException forward = failure(job(Fault.SLOT_IN_FORWARD));
        assertThat(forward)
                .hasMessage("stage 1, step 1: layer 2 Buggy(), forward of micro-batch 0: "
                        + "java.lang.IllegalStateException: takes more memory than its slotBytes says: 64 bytes for this "
                        + "micro-batch, of which 0 are used and 1024 wanted for a tensor [16, 16]");
        assertThat(framesOfCause(forward, Buggy.class)).contains("forward");
        TrainingFailedException backward = failure(job(Fault.SLOT_IN_BACKWARD));
        assertThat(backward)
                .hasMessageContaining("layer 2 Buggy(), backward of micro-batch 0")
                .hasMessageContaining("1024 bytes for this micro-batch, of which 1024 are used and 1024 wanted");
    }

    @Test
    void aLayerThatTakesMoreThanItAnnouncedNeverLivesOnWhatOthersLeave() {
        // in one stage the flattening and linear layers before it have memory that the faulty one could take in forward
        TrainingFailedException whole = failure(job(Fault.SLOT_IN_FORWARD).stages(1));
        assertThat(whole).hasMessageStartingWith("stage 0, step 1: layer 2 Buggy(), forward of micro-batch 0");
    }

    @Test
    void whatALossThrows() {
        TrainingFailedException failure =
                failure(SmallJobs.tiny().stages(3).loss(new BuggyLoss(new CrossEntropyLoss())));
        assertThat(failure)
                .hasMessage("stage 2, step 1: the loss, forward of micro-batch 0: "
                        + "java.lang.UnsupportedOperationException: not written yet");
        assertThat(framesOfCause(failure, BuggyLoss.class)).contains("compute");
    }

    @Test
    void whatADataSetThrows() {
        for (Throwable fault : List.of(new IllegalStateException("no such file"), new AssertionError("no such file"))) {
            Dataset sound = SmallJobs.samples("train", 23);
            DataSource data = new DataSource("custom", new BuggyData(sound, fault), SmallJobs.samples("test", 7));
            TrainingFailedException failure = failure(SmallJobs.tiny().stages(2).data(data));
            assertThat(failure).hasMessage("batch feeder: " + fault);
            assertThat(failure.getCause()).isSameAs(fault);
        }
    }

    @Test
    void whatAListenerThrows() {
        for (Throwable fault : List.of(new IllegalStateException("no more"), new NoClassDefFoundError("no more"))) {
            TrainingListener listener = event -> {
                if (fault instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) fault;
            };
            TrainingFailedException failure = catchThrowableOfType(
                    TrainingFailedException.class,
                    () -> Ketju.fit(SmallJobs.tiny().stages(2).build(), listener));
            assertThat(failure).hasMessage("a listener failed on Started: " + fault);
            assertThat(failure.getCause()).isSameAs(fault);
        }
    }

    @Test
    void whatInitialValuesThrow() {
        RuntimeException fault = new IllegalStateException("no values");
        Linear linear = new Linear(16, 10).withInitializer((parameter, random) -> {
            throw fault;
        });
        JobBuilder job = Ketju.job()
                .model(Shape.of(1, 8, 8), Sequential.of(new Flatten(), new Linear(64, 16), new Named(linear)))
                .data(DataSource.named("digits"));
        TrainingFailedException failure = failure(job);
        assertThat(failure).hasMessageEndingWith(": java.lang.IllegalStateException: no values");
        assertThat(failure.getCause()).isSameAs(fault);
    }

    private static TrainingFailedException failure(JobBuilder job) {
        return catchThrowableOfType(TrainingFailedException.class, () -> Ketju.fit(job.build()));
    }

    private static JobBuilder job(Fault fault) {
        return Ketju.job()
                .model(
                        Shape.of(1, 8, 8),
                        Sequential.of(new Flatten(), new Linear(64, 16), new Buggy(fault), new Linear(16, 10)))
                .data(DataSource.named("digits"))
                .stageBounds(List.of(0, 2, 4))
                .microbatches(4)
                .batchSize(64);
    }

    /** Methods of a class in the stack trace of a failure's cause. */
    private static List<String> framesOfCause(Throwable failure, Class<?> of) {
        return Arrays.stream(Objects.requireNonNull(failure.getCause()).getStackTrace())
                .filter(frame -> frame.getClassName().equals(of.getName()))
                .map(StackTraceElement::getMethodName)
                .toList();
    }

    /** A layer whose initial values have no text form. */
    private record Named(Linear linear) implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Named");
        }

        @Override
        public Shape outputShape(Shape input) {
            return linear.outputShape(input);
        }

        @Override
        public List<io.ketju.layers.Parameter> parameters() {
            return linear.parameters();
        }

        @Override
        public long forwardFlops(Shape input) {
            return linear.forwardFlops(input);
        }

        @Override
        public long slotBytes(Shape input, int samples) {
            return linear.slotBytes(input, samples);
        }

        @Override
        public Tensor forward(Tensor input, Saved saved) {
            return linear.forward(input, saved);
        }

        @Override
        public Tensor backwardInput(Tensor gradOutput, Saved saved) {
            return linear.backwardInput(gradOutput, saved);
        }
    }
}
