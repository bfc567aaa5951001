ARG BASE
FROM $BASE
RUN mkdir -p /usr/share/man/man1 && apt-get update -q \
    && apt-get install -qy --no-install-recommends libzookeeper-java openjdk-17-jre-headless libslf4j-java libnetty-java \
    && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY zkServer.sh /usr/local/bin/zkServer.sh
CMD ["zkServer.sh", "start-foreground", "/conf/zoo.cfg"]
