package io.ketju.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryWatchTest {
    @TempDir
    private Path folder;

    @Test
    void theLastTwoWeeksAreALineADay() throws IOException {
        Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS); // as certificates have it
        CertificateAuthority.create("test", begin).issue(folder, List.of("a.example"), begin, Duration.ofDays(30));
        List<String> lines = new ArrayList<>();
        ExpiryWatch watch = new ExpiryWatch(NodeCredentials.read(folder), lines::add);
        for (int day = 1; day <= 31; day++) {
            watch.look(begin.plus(Duration.ofDays(day)));
        }
        assertThat(lines).hasSize(16);
        assertThat(lines.getFirst()).contains("node.pem: expires on ", ", in 14 days; renew it by: ketju certs renew");
        assertThat(lines.getLast()).contains("node.pem: expired on ");
    }
}
