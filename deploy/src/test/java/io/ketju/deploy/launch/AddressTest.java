package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class AddressTest {
    @Test
    void readsHostAndPort() {
        assertThat(Address.parse("--seed-node", "127.0.0.1:7355")).isEqualTo(new Address("127.0.0.1", 7355));
        assertThat(new Address("127.0.0.1", 7355)).hasToString("127.0.0.1:7355");
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Address address = new Address("127.0.0.1", taken.getLocalPort());
            assertThat(address.answers()).isTrue();
            assertThatThrownBy(() -> address.requireFree("--port"))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessage("--port: expected a free port, found " + address
                            + " taken; choose another, or 0 for any free one");
        }
    }

    @Test
    void aFreePortIsFree() {
        Address address = Address.free("127.0.0.1");
        address.requireFree("--port");
        assertThat(address.answers()).isFalse();
    }
}
