#!/bin/sh
# Called as the official image's script is: zkServer.sh start-foreground FILE
[ "$1" = start-foreground ] || { echo "usage: zkServer.sh start-foreground FILE" >&2; exit 2; }
java=/usr/share/java
exec java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true -Dzookeeper.preAllocSize=4096 \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$java/zookeeper.jar:$java/slf4j-simple.jar:$java/netty-codec.jar:$java/netty-resolver.jar" \
    org.apache.zookeeper.server.quorum.QuorumPeerMain "$2"
