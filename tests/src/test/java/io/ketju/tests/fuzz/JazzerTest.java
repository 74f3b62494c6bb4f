package io.ketju.tests.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/**
 * The targets under Jazzer, which changes inputs along the branches that they take. With {@code JAZZER_FUZZ=1} in the environment
 * one of them runs until it has had two million inputs; without it the kept inputs run. CONTRIBUTING.md has the command.
 */
@Tag("long")
class JazzerTest {
    private static final int RUNS = 2_000_000;

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void frames(byte[] input) throws Exception {
        FuzzTarget.FRAMES.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void control(byte[] input) throws Exception {
        FuzzTarget.CONTROL.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void safetensors(byte[] input) throws Exception {
        FuzzTarget.SAFETENSORS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void idx(byte[] input) throws Exception {
        FuzzTarget.IDX.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void cifar(byte[] input) throws Exception {
        FuzzTarget.CIFAR.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void image(byte[] input) throws Exception {
        FuzzTarget.IMAGE.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void digits(byte[] input) throws Exception {
        FuzzTarget.DIGITS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void table(byte[] input) throws Exception {
        FuzzTarget.TABLE.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void manifest(byte[] input) throws Exception {
        FuzzTarget.MANIFEST.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void job(byte[] input) throws Exception {
        FuzzTarget.JOB.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void tokenizer(byte[] input) throws Exception {
        FuzzTarget.TOKENIZER.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void huggingface(byte[] input) throws Exception {
        FuzzTarget.HUGGINGFACE.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void trace(byte[] input) throws Exception {
        FuzzTarget.TRACE.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void schedule(byte[] input) throws Exception {
        FuzzTarget.SCHEDULE.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void actions(byte[] input) throws Exception {
        FuzzTarget.ACTIONS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void status(byte[] input) throws Exception {
        FuzzTarget.STATUS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void certificates(byte[] input) throws Exception {
        FuzzTarget.CERTIFICATES.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void hosts(byte[] input) throws Exception {
        FuzzTarget.HOSTS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void node(byte[] input) throws Exception {
        FuzzTarget.NODE.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void inputs(byte[] input) throws Exception {
        FuzzTarget.INPUTS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void metrics(byte[] input) throws Exception {
        FuzzTarget.METRICS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void graph(byte[] input) throws Exception {
        FuzzTarget.GRAPH.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void pairs(byte[] input) throws Exception {
        FuzzTarget.PAIRS.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void archive(byte[] input) throws Exception {
        FuzzTarget.ARCHIVE.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void index(byte[] input) throws Exception {
        FuzzTarget.INDEX.run(input);
    }

    @FuzzTest(maxExecutions = RUNS, maxDuration = "2h")
    void gpt2(byte[] input) throws Exception {
        FuzzTarget.GPT2.run(input);
    }
}
