package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.measure.Clock;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A JVM that measures work when told to, by the protocol of {@link io.ketju.benchmarks.peers.PeerProcess}; {@code check}
 * is not among its requests, but {@code pollute SECONDS SEED} is, which see {@link Pollution}.
 */
public final class JvmPeer {
    private final Map<String, Job> jobs = new HashMap<>();
    private TensorCore core = TensorCore.open(1);

    private JvmPeer() {}

    /** Answers requests until the input ends. */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // whoever logs must not answer
        JvmPeer peer = new JvmPeer();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(peer.answer(line));
            answers.flush();
        }
        System.exit(0);
    }

    private String answer(String line) {
        try {
            return answer(line.split(" ", 3));
        } catch (Exception e) {
            // Told to the other side, which decides.
            return "error " + e.toString().replace('\n', ' ');
        }
    }

    private String answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "about" -> "ok JDK " + System.getProperty("java.version") + ", " + core.description();
            case "threads" -> threads(Integer.parseInt(words[1]));
            case "open" -> open(words[1], WorkSpec.parse(words[2]));
            case "run" -> run(job(words[1]), words[2].split(" "));
            case "close" -> close(words[1]);
            case "pollute" -> pollute(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            default -> "error unknown request " + words[0];
        };
    }

    private String threads(int count) {
        jobs.values().forEach(job -> job.close().run());
        jobs.clear();
        core.close();
        core = TensorCore.open(count);
        return "ok";
    }

    private String open(String id, WorkSpec spec) {
        Optional<Job> job = Job.open(spec, core);
        job.ifPresent(there -> jobs.put(id, there));
        return job.isPresent() ? "ok" : "no " + spec.name();
    }

    private String run(Job job, String[] effort) throws Exception {
        Duration time = Duration.ofNanos(Long.parseLong(effort[0]));
        Clock clock = Clock.valueOf(effort[1].toUpperCase(Locale.ROOT));
        Turn turn = Turn.repeating(1, new Effort(Duration.ZERO, 1, time, clock), job.call());
        return "ok " + OnCore.of(core, turn).run();
    }

    private String close(String id) {
        job(id).close().run();
        jobs.remove(id);
        return "ok";
    }

    private String pollute(int seconds, long seed) throws Exception {
        try (Pollution pollution = new Pollution(seed, core.threads())) {
            return "ok " + pollution.run(Duration.ofSeconds(seconds));
        }
    }

    private Job job(String id) {
        return Objects.requireNonNull(jobs.get(id), id);
    }
}
