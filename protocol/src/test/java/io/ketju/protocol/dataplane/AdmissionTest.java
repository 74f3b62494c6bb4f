package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Admission admission = new Admission(new ConnectionLimits(3, 2, 4, 3));

    @Test
    void theOldestOfACrowdedAddressGoes() {
        Channel first = from(1);
        assertThat(admission.arrived(first)).isNull();
        Channel second = from(1);
        assertThat(admission.arrived(second)).isNull();
        assertThat(admission.arrived(from(1))).isNull();
        assertThat(admission.arrived(from(1))).isSameAs(first);
        admission.left(first, false);
        assertThat(admission.took(first)).as("it has had to go").isFalse();
        assertThat(admission.arrived(from(1))).isSameAs(second);
    }

    @Test
    void aCrowdFromOneAddressTakesNoPlaceOfAnother() {
        Channel oldest = from(2);
        admission.arrived(oldest);
        Channel first = from(1);
        admission.arrived(first);
        admission.arrived(from(1));
        admission.arrived(from(1));
        assertThat(admission.arrived(from(3))).isSameAs(first);
        assertThat(admission.took(oldest)).isTrue();
    }

    @Test
    void whoIsTakenIsCountedApart() {
        Channel one = from(1);
        Channel two = from(1);
        Channel three = from(1);
        for (Channel each : new Channel[] {one, two}) {
            admission.arrived(each);
            assertThat(admission.took(each)).isTrue();
        }
        admission.arrived(three);
        assertThat(admission.took(three)).as("a third of one address").isFalse();
        Channel other = from(2);
        admission.arrived(other);
        assertThat(admission.took(other)).isTrue();
        Channel more = from(3);
        admission.arrived(more);
        assertThat(admission.took(more)).as("a fourth in all").isFalse();
        admission.left(one, true);
        assertThat(admission.took(more)).isTrue();
        admission.left(more, true);
        assertThat(admission.took(three)).isTrue();
    }

    @Test
    void limitsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> new ConnectionLimits(1, 2, 1, 1))
                .hasMessage("the data plane takes 1 to 1 connections per address, got 2");
        assertThatThrownBy(() -> new ConnectionLimits(1, 1, 0, 1)).hasMessageContaining("handshakes, got 0");
    }

    private static Channel from(int host) {
        return new EmbeddedChannel() {
            private final InetSocketAddress address = new InetSocketAddress("10.0.0." + host, 1);

            @Override
            protected SocketAddress remoteAddress0() {
                return address;
            }
        };
    }
}
