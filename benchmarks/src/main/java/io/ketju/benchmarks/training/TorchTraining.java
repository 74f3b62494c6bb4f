package io.ketju.benchmarks.training;

import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.TorchPeers;
import io.ketju.benchmarks.peers.TorchSetting;
import io.ketju.benchmarks.peers.WorkSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The same steps by PyTorch under Python, a process for each setting that this machine allows. */
final class TorchTraining implements AutoCloseable {
    /** One setting at one workload. */
    record Contestant(String name, PeerWork work) {}

    private final List<PeerProcess> processes = new ArrayList<>();

    /** Starts them all; none where there is no PyTorch. */
    TorchTraining(TorchPeers peers, int threads) throws IOException {
        for (TorchSetting setting : peers.all()) {
            processes.add(peers.start(setting, threads));
        }
    }

    /** Every setting at a workload; close the work. */
    List<Contestant> open(Workload workload) {
        WorkSpec spec =
                WorkSpec.of("train_" + workload.name().toLowerCase(Locale.ROOT)).with("batch", workload.batchSize());
        List<Contestant> contestants = new ArrayList<>();
        for (PeerProcess process : processes) {
            process.open(spec).ifPresent(work -> contestants.add(new Contestant(process.name(), work)));
        }
        return contestants;
    }

    /** One setting's turn, in samples per second. */
    static Turn turn(Contestant contestant, Workload workload, Effort effort) {
        return contestant.work().turn(workload.batchSize(), effort);
    }

    /** What they say about themselves. */
    List<String> about() {
        return processes.stream()
                .map(process -> process.name() + ": " + process.about() + ".")
                .toList();
    }

    @Override
    public void close() {
        processes.forEach(PeerProcess::close);
    }
}
