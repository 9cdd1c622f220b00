package io.dfc.tornado.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** FailureReasons of the device come out as errors of this framework. */
class DeviceFailureTest {
    @Test
    void memoryThatTheDeviceDoesNotHaveIsATypedErrorWithItsMessage() throws Exception {
        List<String> options =
                Stream.concat(
                                OtherJvm.tornadoOptions().stream(),
                                Stream.of(
                                        "-Dtornado.recover.bailout=False",
                                        "-Dtornado.device.memory=8MB"))
                        .toList();
        String output = OtherJvm.run(TooLargeMain.class, options, Map.of());
        assertThat(output)
                .containsPattern("BackendFailureException: backend \"tornado\": .*[Mm]emory")
                .doesNotContain("compiled for");
    }
}
